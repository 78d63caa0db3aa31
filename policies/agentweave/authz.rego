# Who may call what. The logic is here, the rights are data.agentweave.grants.
#
# The package and its rule `decision` give the same answer:
#   allow          true only where a grant allows the call
#   reason         `granted`, or why not
#   policy_id      the grant that allowed the call, or whose limit refused it; else this policy
#   rate_class     the grant's, where the call is allowed and the grant has one
#   cacheable_for  seconds for which the permit may be reused; absent means never
#   same_for       of a permit: which other sizes of the payload, and whether any other time, would get this very answer
#
# The first grant in the order of the data that allows the call is the one that answers. Where none does, the reason is
# that of the grant that got furthest: trust domains, caller and callee, direction, action, environment, payload, hours.
package agentweave.authz

import data.agentweave.limits
import data.agentweave.request
import data.agentweave.rights

default allow := false

allow := decision.allow

reason := decision.reason

policy_id := decision.policy_id

rate_class := decision.rate_class

cacheable_for := decision.cacheable_for

same_for := decision.same_for

decision := refusal("malformed_input", "agentweave/authz") if {
	not request.well_formed
} else := permit(rights.granting[0]) if {
	count(rights.granting) > 0
} else := refusal(shortfall[0], shortfall[1]) if {
	shortfall := [[why, grant.id] |
		some why in limits.refusals
		some grant in rights.covering
		limits.refusal(grant.limits) == why
	][0]
} else := refusal("no_grant", "agentweave/authz") if {
	count(rights.directed) > 0
} else := refusal("wrong_direction", "agentweave/authz") if {
	count(rights.pairing) > 0
} else := refusal("no_grant", "agentweave/authz") if {
	count(rights.neighbouring) > 0
} else := refusal("trust_domain_not_allowed", "agentweave/authz") if {
	count(rights.valid) > 0
} else := refusal("no_grant", "agentweave/authz")

permit(grant) := object.union_n([
	{"allow": true, "reason": "granted", "policy_id": grant.id, "same_for": rights.same_for},
	object.filter(grant.limits, ["rate_class"]),
	{"cacheable_for": seconds | seconds := rights.reusable_for(grant)},
])

refusal(why, id) := {"allow": false, "reason": why, "policy_id": id}
