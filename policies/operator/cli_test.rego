package operator.authz.cli_test

import data.agentweave.fixture
import data.operator.authz.cli

decide(direction, caller, callee, action) := decision if {
	decision := cli.decision with input as fixture.call(direction, caller, callee, action)
}

test_no_input_is_refused if {
	cli.allow == false
	cli.reason == "malformed_input"
}

test_an_input_of_a_wrong_type_is_refused if {
	every value in fixture.of_wrong_type {
		cli.allow == false with input as value
		cli.decision.reason == "malformed_input" with input as value
	}
}

test_no_grants_are_a_refusal if {
	cli.allow == false with input as fixture.call("outbound", fixture.operator, fixture.ingester, "health") with data.agentweave.grants as []
	cli.reason == "no_grant" with input as fixture.call("outbound", fixture.operator, fixture.ingester, "health") with data.agentweave.grants as []
}

test_another_callee_is_not_served if {
	decide("inbound", fixture.operator, fixture.ingester, "health") == {
		"allow": false,
		"reason": "callee_not_served_here",
		"policy_id": "operator/authz/cli",
	}
}

test_another_caller_is_not_served if {
	decide("outbound", fixture.ingester, fixture.processor, "process_event") == {
		"allow": false,
		"reason": "caller_not_served_here",
		"policy_id": "operator/authz/cli",
	}
}

test_the_operator_may_send_anything_to_an_agent if {
	every callee in [fixture.ingester, fixture.processor, fixture.storage, "spiffe://agentweave.io/agent/newcomer"] {
		decide("outbound", fixture.operator, callee, "anything").allow
	}
}

test_the_operator_may_not_send_elsewhere if {
	every callee in ["spiffe://agentweave.io/agent/a/b", "spiffe://agentweave.io/database/main", fixture.operator] {
		decide("outbound", fixture.operator, callee, "health").reason == "no_grant"
	}
}

test_nobody_calls_the_operator if {
	every caller in [fixture.operator, fixture.ingester, fixture.processor, fixture.storage] {
		decide("inbound", caller, fixture.operator, "health").reason == "no_grant"
	}
}
