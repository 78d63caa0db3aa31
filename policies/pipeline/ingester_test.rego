package pipeline.authz.ingester_test

import data.agentweave.fixture
import data.pipeline.authz.ingester

decide(direction, caller, callee, action) := decision if {
	decision := ingester.decision with input as fixture.call(direction, caller, callee, action)
}

test_no_input_is_refused if {
	ingester.allow == false
	ingester.reason == "malformed_input"
}

test_an_input_of_a_wrong_type_is_refused if {
	every value in fixture.of_wrong_type {
		ingester.allow == false with input as value
		ingester.decision.reason == "malformed_input" with input as value
	}
}

test_no_grants_are_a_refusal if {
	ingester.allow == false with input as fixture.call("inbound", fixture.operator, fixture.ingester, "ingest_event") with data.agentweave.grants as []
	ingester.reason == "no_grant" with input as fixture.call("inbound", fixture.operator, fixture.ingester, "ingest_event") with data.agentweave.grants as []
}

test_another_callee_is_not_served if {
	decide("inbound", fixture.ingester, fixture.processor, "process_event") == {
		"allow": false,
		"reason": "callee_not_served_here",
		"policy_id": "pipeline/authz/ingester",
	}
}

test_another_caller_is_not_served if {
	decide("outbound", fixture.processor, fixture.storage, "store_event") == {
		"allow": false,
		"reason": "caller_not_served_here",
		"policy_id": "pipeline/authz/ingester",
	}
}

test_only_the_operator_may_ingest if {
	callers := [fixture.operator, fixture.processor, fixture.storage, "spiffe://agentweave.io/agent/stranger"]
	allowed := {caller | some caller in callers; decide("inbound", caller, fixture.ingester, "ingest_event").allow}
	allowed == {fixture.operator}
}

test_the_operator_may_call_what_its_grant_names_and_no_more if {
	named := {"ingest_event", "ingest_batch", "health", "dlq_list", "dlq_show", "dlq_replay", "dlq_discard"}
	allowed := {action |
		some action in (named | {"process_event", "store_event", "dlq_purge", "*"})
		decide("inbound", fixture.operator, fixture.ingester, action).allow
	}
	allowed == named
}

test_the_ingester_calls_the_processor_only if {
	decide("outbound", fixture.ingester, fixture.processor, "process_event").allow
	decide("outbound", fixture.ingester, fixture.processor, "process_batch").allow
	decide("outbound", fixture.ingester, fixture.storage, "store_event").reason == "no_grant"
}

test_the_package_gives_the_same_answer_as_its_decision if {
	asked := fixture.call("inbound", fixture.operator, fixture.ingester, "ingest_event")
	object.remove(ingester, ["decision"]) == ingester.decision with input as asked
}
