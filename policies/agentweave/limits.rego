# The limits of a well-formed grant, held against a well-formed request. A limit that is absent limits nothing.
package agentweave.limits

# met(limits): the request is within every limit.
met(limits) if {
	environment_allowed(limits)
	payload_allowed(limits)
	time_allowed(limits)
}

# refusals: the reasons to refuse for a limit, the one found last first.
refusals := ["outside_hours", "payload_too_large", "environment_not_allowed"]

# refusal(limits): the first limit that the request exceeds.
refusal(limits) := "environment_not_allowed" if {
	not environment_allowed(limits)
} else := "payload_too_large" if {
	not payload_allowed(limits)
} else := "outside_hours" if {
	not time_allowed(limits)
}

# look_at_the_call(limits): the limits hold the single call's size or time against something, so that a permit for one
# call says nothing about the next.
look_at_the_call(limits) if limits.max_payload_bytes

look_at_the_call(limits) if limits.hours_utc

look_at_the_call(limits) if limits.weekdays

environment_allowed(limits) if not limits.environments

environment_allowed(limits) if input.context.environment in limits.environments

# Equal to the limit is allowed.
payload_allowed(limits) if not limits.max_payload_bytes

payload_allowed(limits) if input.context.payload_size <= limits.max_payload_bytes

time_allowed(limits) if {
	weekday_allowed(limits)
	hour_allowed(limits)
}

weekday_allowed(limits) if not limits.weekdays

weekday_allowed(limits) if input.context.utc_weekday in limits.weekdays

# Equal to `from` is inside, equal to `to` is outside.
hour_allowed(limits) if not limits.hours_utc

hour_allowed(limits) if {
	limits.hours_utc.from < limits.hours_utc.to
	input.context.utc_hour >= limits.hours_utc.from
	input.context.utc_hour < limits.hours_utc.to
}

hour_allowed(limits) if {
	limits.hours_utc.from > limits.hours_utc.to
	input.context.utc_hour >= limits.hours_utc.from
}

hour_allowed(limits) if {
	limits.hours_utc.from > limits.hours_utc.to
	input.context.utc_hour < limits.hours_utc.to
}
