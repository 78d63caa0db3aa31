# The limits of a well-formed grant, held against a well-formed request. A limit that is absent limits nothing.
package agentweave.limits

# met(limits): the request is within every limit. Where one is absent, the call is held against itself; a request that
# lacks what a limit is about meets none.
met(limits) if {
	input.context.environment in object.get(limits, "environments", [input.context.environment])
	input.context.payload_size <= object.get(limits, "max_payload_bytes", input.context.payload_size)
	input.context.utc_weekday in object.get(limits, "weekdays", [input.context.utc_weekday])
	hour_allowed(limits)
}

# refusals: the reasons to refuse for a limit, the one found last first.
refusals := ["outside_hours", "payload_too_large", "environment_not_allowed"]

# refusal(limits): the first limit that the request exceeds, each held against it alone.
refusal(limits) := "environment_not_allowed" if {
	not met(object.filter(limits, ["environments"]))
} else := "payload_too_large" if {
	not met(object.filter(limits, ["max_payload_bytes"]))
} else := "outside_hours" if {
	not met(object.filter(limits, ["hours_utc", "weekdays"]))
}

# look_at_the_time(limits): the limits hold the time against something, so that a permit for one moment says nothing
# about the next.
look_at_the_time(limits) if limits.hours_utc

look_at_the_time(limits) if limits.weekdays

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
