# The question that an agent asks before it serves (inbound) or makes (outbound) a call.
package agentweave.request

import data.agentweave.spiffe
import data.agentweave.types

# well_formed: every member that a rule reads is there with the right type and contradicts no other. All others, like
# `timestamp` and `request_id`, are not looked at: an engine may know by that which members an answer depends on.
well_formed if {
	types.directions[input.direction]
	input.resource_spiffe_id == input.callee_spiffe_id
	spiffe.valid_id_in(input.resource_trust_domain, input.callee_spiffe_id)
	spiffe.valid_id_in(input.caller_trust_domain, input.caller_spiffe_id)
	is_string(input.action)
	not input.action == ""
	context_well_formed
}

# context_well_formed: `types.text` and `types.whole` are spelled out here, because they are asked in every decision.
context_well_formed if {
	types.weekdays[input.context.utc_weekday]
	is_string(input.context.environment)
	not input.context.environment == ""
	floor(input.context.payload_size) == input.context.payload_size
	input.context.payload_size >= 0
	input.context.payload_size <= types.most
	floor(input.context.utc_hour) == input.context.utc_hour
	input.context.utc_hour >= 0
	input.context.utc_hour < 24
}

# protocol_action: the action belongs to the A2A protocol rather than to one capability. Whoever holds a grant for the
# callee needs these to follow the work it may start; the callee itself checks whose task it is.
protocol_action if input.action in {
	"task.get",
	"task.list",
	"task.cancel",
	"task.subscribe",
	"push_config.create",
	"push_config.get",
	"push_config.list",
	"push_config.delete",
	"card.read",
	"ping",
}
