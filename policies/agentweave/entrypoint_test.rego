package agentweave.entrypoint_test

import data.agentweave.entrypoint
import data.agentweave.fixture

answer(request) := decision if {
	decision := entrypoint.decision("/agent/processor", "test/processor") with input as request
		with data.agentweave.grants as [object.union(fixture.grant, {"directions": ["inbound", "outbound"]})]
}

refusal(reason) := {"allow": false, "reason": reason, "policy_id": "test/processor"}

test_malformed_input_is_not_somebody_elses if {
	every value in fixture.of_wrong_type {
		answer(value) == {"allow": false, "reason": "malformed_input", "policy_id": "agentweave/authz"}
	}
}

test_another_callee_is_refused if {
	every callee in [fixture.storage, "spiffe://agentweave.io/agent/processor/x", "spiffe://agentweave.io/x/agent/processor"] {
		answer(fixture.call("inbound", fixture.ingester, callee, "process_event")) == refusal("callee_not_served_here")
	}
}

test_another_caller_is_refused_outbound_even_with_a_grant if {
	answer(fixture.call("outbound", fixture.ingester, fixture.processor, "process_event")) == refusal("caller_not_served_here")
}

test_own_calls_are_decided_by_the_grants if {
	answer(fixture.request).policy_id == "g"
	answer(fixture.call("outbound", fixture.processor, fixture.storage, "store_event")).reason == "no_grant"
}
