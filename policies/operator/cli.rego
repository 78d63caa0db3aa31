# The questions that the operator's command line asks: may I call that agent.
package operator.authz.cli

import data.agentweave.entrypoint

default allow := false

allow := decision.allow

reason := decision.reason

policy_id := decision.policy_id

rate_class := decision.rate_class

cacheable_for := decision.cacheable_for

same_for := decision.same_for

decision := entrypoint.decision("/operator/cli", "operator/authz/cli")
