# Which of the grants in data.agentweave.grants bear on the request. Each list keeps the order of the grants. The request
# is well-formed where these are read.
package agentweave.rights

import data.agentweave.grant
import data.agentweave.limits
import data.agentweave.request
import data.agentweave.spiffe
import data.agentweave.types

# granting: the grants that allow the request. What is cheap to find out comes first: the format is looked at only in
# grants that would allow it.
granting := [right | some right in fitting; limits.met(right.limits); grant.well_formed_beside_names(right)]

# covering: those that name caller, callee, direction and action, whatever their limits say.
covering := [right | some right in fitting; grant.well_formed_beside_names(right)]

# fitting: the same, whether or not they keep to the format. No other grant's limits bear on the request.
fitting := [right | some right in named; input.direction in right.directions; covers_action(right)]

# directed: those that name caller, callee and direction.
directed := [right | some right in named; input.direction in right.directions; grant.well_formed_beside_names(right)]

# pairing: those that name caller and callee and keep to the format, as all lists but `named` do.
pairing := [right | some right in named; grant.well_formed_beside_names(right)]

# named: those that name caller and callee, whether or not they keep to the format.
named := [right | some right in calling; spiffe.matches(right.callee, input.callee_spiffe_id)]

# calling: those that name the caller, whether or not they keep to the format. Where no caller is a pattern with a
# wildcard, it is enough to compare; where one is no string, that is not known.
calling := [right | some right in grants; right.caller == input.caller_spiffe_id] if {
	contains(concat(" ", [right.caller | some right in grants]), "*") == false
} else := [right | some right in grants; spiffe.matches(right.caller, input.caller_spiffe_id)]

# neighbouring: those that name the trust domains of caller and callee.
neighbouring := [right |
	some right in valid
	spiffe.trust_domain(right.caller) == input.caller_trust_domain
	spiffe.trust_domain(right.callee) == input.resource_trust_domain
]

# valid: those that keep to the format.
valid := [right | some right in grants; grant.well_formed(right)]

# malformed: the positions of those that do not. For people who look for the reason of a refusal; no decision reads it.
malformed := [position | some position, right in grants; not grant.well_formed(right)]

# reusable_for(right): for how many seconds a permit may be reused, if at all.
reusable_for(right) := seconds if {
	seconds := right.cacheable_for_seconds
	not limits.look_at_the_time(right.limits)
}

# same_for: the requests that get the same answer although they differ from this one, in the size of the payload or the
# time: no limit that bears on them tells them apart. Sizes from the first to the last, and whether any time will do.
same_for := {"payload_size": {"from": from, "to": to}, "any_time": bound_to_time == []} if {
	from := max(array.concat([-1], [limit | some limit in size_limits; limit < input.context.payload_size])) + 1
	to := min(array.concat([types.most], [limit | some limit in size_limits; limit >= input.context.payload_size]))
}

# size_limits: the engines write a whole number that was given with a fraction of zero differently.
size_limits := [floor(limit) |
	some right in fitting
	limit := right.limits.max_payload_bytes
	types.whole(limit)
]

bound_to_time := [right | some right in fitting; limits.look_at_the_time(right.limits)]

default grants := []

grants := held if {
	held := data.agentweave.grants
	is_array(held)
}

covers_action(right) if input.action in right.capabilities

covers_action(right) if right.capabilities == ["*"]

covers_action(_) if request.protocol_action
