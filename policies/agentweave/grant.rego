# The format of a grant. What breaks it grants nothing.
package agentweave.grant

import data.agentweave.spiffe
import data.agentweave.types

# well_formed(grant): the grant says all it must and nothing that is unknown here. A misspelt limit would otherwise be
# no limit.
well_formed(grant) if {
	well_formed_beside_names(grant)
	spiffe.valid_pattern(grant.caller)
	spiffe.valid_pattern(grant.callee)
}

# well_formed_beside_names(grant): well-formed if its caller and callee are, which a match has shown already.
well_formed_beside_names(grant) if {
	has_its_members(grant)
	types.text(grant.id)
	types.texts(grant.capabilities)
	types.texts_of(grant.directions, types.directions)
	names_what_it_serves(grant)
	is_object(grant.limits)
	every name, limit in grant.limits {
		valid_limit(name, limit)
	}
}

# has_its_members(grant): these six and no other, or with a seventh that says for how long a permit may be reused.
has_its_members(grant) if object.keys(grant) == {"id", "caller", "callee", "capabilities", "directions", "limits"}

has_its_members(grant) if {
	object.keys(grant) == {"id", "caller", "callee", "capabilities", "directions", "limits", "cacheable_for_seconds"}
	types.whole(grant.cacheable_for_seconds)
	grant.cacheable_for_seconds > 0
}

valid_limit("environments", value) if types.texts(value)

valid_limit("max_payload_bytes", value) if types.whole(value)

# The whole day is 0 to 24; equal ends are refused because they could mean all of it or nothing.
valid_limit("hours_utc", value) if {
	is_object(value)
	count(value) == 2
	types.whole(value.from)
	types.whole(value.to)
	value.from < 24
	value.to <= 24
	value.from != value.to
}

valid_limit("weekdays", value) if types.texts_of(value, types.weekdays)

valid_limit("rate_class", value) if types.text(value)

# `*` stands alone, and only outbound: what an agent serves is named, capability by capability.
names_what_it_serves(grant) if not "*" in grant.capabilities

names_what_it_serves(grant) if {
	grant.capabilities == ["*"]
	not "inbound" in grant.directions
}
