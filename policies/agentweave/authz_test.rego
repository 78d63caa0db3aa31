package agentweave.authz_test

import data.agentweave.authz
import data.agentweave.fixture
import data.agentweave.types

generic := "agentweave/authz"

with_grants(grants) := decision if {
	decision := authz.decision with input as fixture.request with data.agentweave.grants as grants
}

changed(changes) := object.union(fixture.grant, changes)

test_no_input_is_refused if {
	authz.decision == authz.refusal("malformed_input", generic)
	authz.allow == false
}

test_an_input_of_a_wrong_type_is_refused if {
	every value in fixture.of_wrong_type {
		authz == {
			"allow": false,
			"reason": "malformed_input",
			"policy_id": generic,
			"decision": authz.refusal("malformed_input", generic),
		} with input as value
	}
}

test_no_grant_is_a_refusal if {
	every grants in [null, [], {}, "all", [null], [{}], {"g": fixture.grant}] {
		with_grants(grants) == authz.refusal("no_grant", generic)
	}
}

test_another_trust_domain if {
	elsewhere := changed({"caller": "spiffe://partner.example/agent/*"})
	beyond := changed({"callee": "spiffe://partner.example/agent/*"})
	with_grants([elsewhere, beyond]) == authz.refusal("trust_domain_not_allowed", generic)
}

test_another_caller_callee_or_action if {
	every changes in [{"caller": fixture.storage}, {"callee": fixture.storage}, {"capabilities": ["store_event"]}] {
		with_grants([changed(changes)]) == authz.refusal("no_grant", generic)
	}
}

test_another_direction if {
	with_grants([changed({"directions": ["outbound"]})]) == authz.refusal("wrong_direction", generic)
}

test_a_limit_refuses_in_the_name_of_its_grant if {
	with_grants([changed({"limits": {"environments": ["staging"]}})]) == authz.refusal("environment_not_allowed", "g")
	with_grants([changed({"limits": {"max_payload_bytes": 1}})]) == authz.refusal("payload_too_large", "g")
	with_grants([changed({"limits": {"weekdays": ["sunday"]}})]) == authz.refusal("outside_hours", "g")
}

test_the_grant_that_got_furthest_gives_the_reason if {
	ladder := [
		changed({"id": "domain", "caller": "spiffe://partner.example/agent/*"}),
		changed({"id": "callee", "callee": fixture.storage}),
		changed({"id": "direction", "directions": ["outbound"]}),
		changed({"id": "action", "capabilities": ["store_event"]}),
		changed({"id": "environment", "limits": {"environments": ["staging"]}}),
		changed({"id": "payload", "limits": {"max_payload_bytes": 1}}),
		changed({"id": "hours", "limits": {"weekdays": ["sunday"]}}),
		changed({"id": "all"}),
	]
	reasons := [
		"trust_domain_not_allowed",
		"no_grant",
		"wrong_direction",
		"no_grant",
		"environment_not_allowed",
		"payload_too_large",
		"outside_hours",
		"granted",
	]
	every i, expected in reasons {
		with_grants(array.slice(ladder, 0, i + 1)).reason == expected
		with_grants(array.reverse(array.slice(ladder, 0, i + 1))).reason == expected
	}
}

test_the_first_grant_that_allows_answers if {
	with_grants([changed({"limits": {"weekdays": ["sunday"]}}), changed({"id": "b"}), changed({"id": "c"})]) == {
		"allow": true,
		"reason": "granted",
		"policy_id": "b",
		"same_for": {"payload_size": {"from": 0, "to": types.most}, "any_time": false},
	}
}

test_a_permit_carries_rate_class_and_reuse_of_its_grant if {
	grants := [changed({"limits": {"rate_class": "slow"}, "cacheable_for_seconds": 60})]
	expected := {
		"allow": true,
		"reason": "granted",
		"policy_id": "g",
		"rate_class": "slow",
		"cacheable_for": 60,
		"same_for": {"payload_size": {"from": 0, "to": types.most}, "any_time": true},
	}
	authz == {
		"allow": true,
		"reason": "granted",
		"policy_id": "g",
		"rate_class": "slow",
		"cacheable_for": 60,
		"same_for": expected.same_for,
		"decision": expected,
	} with input as fixture.request with data.agentweave.grants as grants
}

# Whatever the limits, the answer is the same for every size and time that it says it is the same for.
test_the_answer_is_the_same_for_what_it_says if {
	bounds := [{}, {"max_payload_bytes": 3}, {"max_payload_bytes": 5, "hours_utc": {"from": 8, "to": 10}}, {"weekdays": ["friday"]}]
	every limits in [[one, two] | some one in bounds; some two in bounds] {
		grants := [changed({"id": sprintf("g%d", [i]), "limits": limit}) | some i, limit in limits]
		same_wherever_it_says_so(grants)
	}
}

same_wherever_it_says_so(grants) if {
	moments := [[size, hour] | some size in numbers.range(2, 6); some hour in [7, 8, 10]]
	answers := [answer | some moment in moments; answer := at(moment, grants)]
	every i, answer in answers {
		every j, other in answers {
			same_if_said(answer, moments[i], other, moments[j])
		}
	}
}

same_if_said(answer, _, _, _) if not answer.allow

same_if_said(answer, _, _, moment) if moment[0] < answer.same_for.payload_size.from

same_if_said(answer, _, _, moment) if moment[0] > answer.same_for.payload_size.to

same_if_said(answer, asked, _, moment) if {
	not answer.same_for.any_time
	asked[1] != moment[1]
}

same_if_said(answer, _, other, _) if answer == other

at(moment, grants) := answer if {
	sized := fixture.put(fixture.request, "/context/payload_size", moment[0])
	asked := fixture.put(sized, "/context/utc_hour", moment[1])
	answer := authz.decision with input as asked with data.agentweave.grants as grants
}
