# The questions that the ingester asks: may this peer call me, may I call that peer.
package pipeline.authz.ingester

import data.agentweave.entrypoint

default allow := false

allow := decision.allow

reason := decision.reason

policy_id := decision.policy_id

rate_class := decision.rate_class

cacheable_for := decision.cacheable_for

same_for := decision.same_for

decision := entrypoint.decision("/agent/ingester", "pipeline/authz/ingester")
