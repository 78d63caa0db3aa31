package agentweave.rights_test

import data.agentweave.fixture
import data.agentweave.rights

test_grants_that_are_no_list_are_none if {
	every value in [null, true, "all", 1, {}, {"g": fixture.grant}] {
		rights.grants == [] with data.agentweave.grants as value
	}
}

test_malformed_grants_are_passed_over_and_named_by_position if {
	some_malformed := ["x", fixture.grant, {}, object.union(fixture.grant, {"limits": null})]
	rights.pairing == [fixture.grant] with input as fixture.request with data.agentweave.grants as some_malformed
	rights.malformed == [0, 2, 3] with data.agentweave.grants as some_malformed
}

test_the_order_of_the_grants_is_kept if {
	two := [object.union(fixture.grant, {"id": "z"}), object.union(fixture.grant, {"id": "a"})]
	[right.id | some right in rights.granting] == ["z", "a"] with input as fixture.request with data.agentweave.grants as two
}

test_caller_and_callee_are_not_exchanged if {
	back := fixture.call("inbound", fixture.processor, fixture.ingester, "process_event")
	rights.pairing == [] with input as back with data.agentweave.grants as [fixture.grant]
}

test_a_protocol_action_is_covered_by_any_grant_for_the_callee if {
	asked := fixture.put(fixture.request, "/action", "task.cancel")
	rights.covering == [fixture.grant] with input as asked with data.agentweave.grants as [fixture.grant]
}

test_a_permit_under_a_limit_of_the_call_is_not_reusable if {
	not rights.reusable_for({"limits": {"max_payload_bytes": 1}, "cacheable_for_seconds": 60})
	not rights.reusable_for({"limits": {}})
	rights.reusable_for({"limits": {"rate_class": "slow"}, "cacheable_for_seconds": 60}) == 60
}
