# What every agent's own entry point says: it answers for that agent and no other.
package agentweave.entrypoint

import data.agentweave.authz
import data.agentweave.request

# decision(path, policy_id): the answer of the generic rules for the agent whose SPIFFE ID has this path, inbound as
# the callee and outbound as the caller; a refusal in the name of policy_id for every other agent.
decision(path, policy_id) := authz.decision if {
	served(path)
} else := authz.decision if {
	not request.well_formed
} else := authz.refusal("callee_not_served_here", policy_id) if {
	input.direction == "inbound"
} else := authz.refusal("caller_not_served_here", policy_id)

served(path) if {
	input.direction == "inbound"
	input.callee_spiffe_id == concat("", ["spiffe://", input.resource_trust_domain, path])
}

served(path) if {
	input.direction == "outbound"
	input.caller_spiffe_id == concat("", ["spiffe://", input.caller_trust_domain, path])
}
