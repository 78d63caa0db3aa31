package pipeline.authz.processor_test

import data.agentweave.fixture
import data.pipeline.authz.processor

decide(direction, caller, callee, action) := decision if {
	decision := processor.decision with input as fixture.call(direction, caller, callee, action)
}

test_no_input_is_refused if {
	processor.allow == false
	processor.reason == "malformed_input"
}

test_an_input_of_a_wrong_type_is_refused if {
	every value in fixture.of_wrong_type {
		processor.allow == false with input as value
		processor.decision.reason == "malformed_input" with input as value
	}
}

test_no_grants_are_a_refusal if {
	processor.allow == false with input as fixture.request with data.agentweave.grants as []
	processor.reason == "no_grant" with input as fixture.request with data.agentweave.grants as []
}

test_another_callee_is_not_served if {
	decide("inbound", fixture.processor, fixture.storage, "store_event") == {
		"allow": false,
		"reason": "callee_not_served_here",
		"policy_id": "pipeline/authz/processor",
	}
}

test_another_caller_is_not_served if {
	decide("outbound", fixture.ingester, fixture.processor, "process_event") == {
		"allow": false,
		"reason": "caller_not_served_here",
		"policy_id": "pipeline/authz/processor",
	}
}

test_only_the_ingester_may_have_events_processed if {
	callers := [fixture.operator, fixture.ingester, fixture.storage, "spiffe://agentweave.io/agent/stranger"]
	every action in ["process_event", "process_batch"] {
		{c | some c in callers; decide("inbound", c, fixture.processor, action).allow} == {fixture.ingester}
	}
}

test_only_the_operator_may_see_health_and_dead_letters if {
	callers := [fixture.operator, fixture.ingester, fixture.storage, "spiffe://agentweave.io/agent/stranger"]
	every action in ["health", "dlq_list", "dlq_show", "dlq_replay", "dlq_discard"] {
		{c | some c in callers; decide("inbound", c, fixture.processor, action).allow} == {fixture.operator}
	}
}

test_the_processor_calls_storage_only if {
	decide("outbound", fixture.processor, fixture.storage, "store_event").allow
	decide("outbound", fixture.processor, fixture.storage, "store_batch").allow
	decide("outbound", fixture.processor, fixture.ingester, "ingest_event").reason == "no_grant"
}
