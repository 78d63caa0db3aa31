package pipeline.authz.storage_test

import data.agentweave.fixture
import data.pipeline.authz.storage

decide(direction, caller, callee, action) := decision if {
	decision := storage.decision with input as fixture.call(direction, caller, callee, action)
}

test_no_input_is_refused if {
	storage.allow == false
	storage.reason == "malformed_input"
}

test_an_input_of_a_wrong_type_is_refused if {
	every value in fixture.of_wrong_type {
		storage.allow == false with input as value
		storage.decision.reason == "malformed_input" with input as value
	}
}

test_no_grants_are_a_refusal if {
	storage.allow == false with input as fixture.call("inbound", fixture.processor, fixture.storage, "store_event") with data.agentweave.grants as []
	storage.reason == "no_grant" with input as fixture.call("inbound", fixture.processor, fixture.storage, "store_event") with data.agentweave.grants as []
}

test_another_callee_is_not_served if {
	decide("inbound", fixture.ingester, fixture.processor, "process_event") == {
		"allow": false,
		"reason": "callee_not_served_here",
		"policy_id": "pipeline/authz/storage",
	}
}

test_another_caller_is_not_served if {
	decide("outbound", fixture.processor, fixture.storage, "store_event") == {
		"allow": false,
		"reason": "caller_not_served_here",
		"policy_id": "pipeline/authz/storage",
	}
}

test_only_the_processor_may_have_events_stored if {
	callers := [fixture.operator, fixture.ingester, fixture.processor, "spiffe://agentweave.io/agent/stranger"]
	every action in ["store_event", "store_batch"] {
		{c | some c in callers; decide("inbound", c, fixture.storage, action).allow} == {fixture.processor}
	}
}

test_only_the_operator_may_see_health_and_dead_letters if {
	callers := [fixture.operator, fixture.ingester, fixture.processor, "spiffe://agentweave.io/agent/stranger"]
	every action in ["health", "dlq_list", "dlq_show", "dlq_replay", "dlq_discard"] {
		{c | some c in callers; decide("inbound", c, fixture.storage, action).allow} == {fixture.operator}
	}
}

test_storage_calls_nobody if {
	every callee in [fixture.ingester, fixture.processor, fixture.operator] {
		decide("outbound", fixture.storage, callee, "health").reason == "no_grant"
	}
}
