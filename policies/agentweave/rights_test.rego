package agentweave.rights_test

import data.agentweave.fixture
import data.agentweave.rights
import data.agentweave.types

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

test_names_and_patterns_of_callers_keep_their_order if {
	every callers in [
		["spiffe://agentweave.io/agent/*", fixture.ingester],
		[fixture.ingester, "spiffe://agentweave.io/**"],
		[fixture.ingester, fixture.ingester],
	] {
		two := [object.union(fixture.grant, {"caller": caller}) | some caller in callers]
		rights.pairing == two with input as fixture.request with data.agentweave.grants as two
	}
}

test_a_caller_of_a_wrong_type_hides_no_other if {
	every value in fixture.of_wrong_type {
		every caller in [fixture.ingester, "spiffe://agentweave.io/agent/*"] {
			right := object.union(fixture.grant, {"caller": caller})
			both := [object.union(fixture.grant, {"caller": value}), right]
			rights.pairing == [right] with input as fixture.request with data.agentweave.grants as both
			without := [object.remove(fixture.grant, ["caller"]), right]
			rights.pairing == [right] with input as fixture.request with data.agentweave.grants as without
		}
	}
}

test_caller_and_callee_are_not_exchanged if {
	back := fixture.call("inbound", fixture.processor, fixture.ingester, "process_event")
	rights.pairing == [] with input as back with data.agentweave.grants as [fixture.grant]
}

test_a_protocol_action_is_covered_by_any_grant_for_the_callee if {
	asked := fixture.put(fixture.request, "/action", "task.cancel")
	rights.covering == [fixture.grant] with input as asked with data.agentweave.grants as [fixture.grant]
}

test_a_permit_under_a_limit_of_time_is_not_reusable if {
	not rights.reusable_for({"limits": {"hours_utc": {"from": 0, "to": 24}}, "cacheable_for_seconds": 60})
	not rights.reusable_for({"limits": {"weekdays": ["friday"]}, "cacheable_for_seconds": 60})
	not rights.reusable_for({"limits": {}})
	rights.reusable_for({"limits": {"max_payload_bytes": 1, "rate_class": "slow"}, "cacheable_for_seconds": 60}) == 60
}

same_for(size, changes) := others if {
	asked := fixture.put(fixture.request, "/context/payload_size", size)
	some_grants := [object.union(fixture.grant, change) | some change in changes]
	others := rights.same_for with input as asked with data.agentweave.grants as some_grants
}

test_without_a_limit_all_sizes_and_times_are_the_same if {
	same_for(512, [{}]) == {"payload_size": {"from": 0, "to": types.most}, "any_time": true}
}

test_sizes_are_told_apart_by_every_limit_that_bears_on_them if {
	two := [{"limits": {"max_payload_bytes": 10}}, {"limits": {"max_payload_bytes": 20}}]
	ranges := [range.payload_size | some size in [0, 10, 11, 20, 21, types.most]; range := same_for(size, two)]
	ranges == [
		{"from": 0, "to": 10},
		{"from": 0, "to": 10},
		{"from": 11, "to": 20},
		{"from": 11, "to": 20},
		{"from": 21, "to": types.most},
		{"from": 21, "to": types.most},
	]
}

test_limits_of_grants_for_others_tell_nothing_apart if {
	limits := {"max_payload_bytes": 10, "weekdays": ["friday"]}
	every other in [{"callee": fixture.storage}, {"capabilities": ["store_event"]}, {"directions": ["outbound"]}] {
		same_for(512, [{}, object.union(other, {"limits": limits})]) == same_for(512, [{}])
	}
}

test_a_limit_of_time_in_any_grant_that_bears_tells_times_apart if {
	every limit in [{"hours_utc": {"from": 0, "to": 24}}, {"weekdays": ["friday"]}] {
		same_for(512, [{}, {"limits": limit}]).any_time == false
	}
}

test_a_limit_that_is_no_size_is_passed_over if {
	every value in [null, true, "10", 10.5, -1, [10]] {
		same_for(512, [{}, {"limits": {"max_payload_bytes": value}}]) == same_for(512, [{}])
	}
}
