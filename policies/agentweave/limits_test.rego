package agentweave.limits_test

import data.agentweave.fixture
import data.agentweave.limits

at(hour) := fixture.put(fixture.request, "/context/utc_hour", hour)

sized(bytes) := fixture.put(fixture.request, "/context/payload_size", bytes)

test_no_request_meets_a_limit if {
	every name, value in {
		"environments": ["production"],
		"max_payload_bytes": 1,
		"hours_utc": {"from": 0, "to": 24},
		"weekdays": ["friday"],
	} {
		not limits.met({name: value})
	}
}

test_another_environment if {
	limits.refusal({"environments": ["staging"]}) == "environment_not_allowed" with input as fixture.request
}

test_a_payload_of_the_limit_is_the_largest if {
	limits.met({"max_payload_bytes": 10}) with input as sized(10)
	limits.refusal({"max_payload_bytes": 10}) == "payload_too_large" with input as sized(11)
}

test_a_limit_of_no_bytes_is_a_limit if {
	limits.met({"max_payload_bytes": 0}) with input as sized(0)
	limits.refusal({"max_payload_bytes": 0}) == "payload_too_large" with input as sized(1)
}

test_hours_of_the_day if {
	within := [hour | some hour in numbers.range(0, 23); limits.met({"hours_utc": {"from": 8, "to": 11}}) with input as at(hour)]
	within == [8, 9, 10]
}

test_hours_past_midnight if {
	within := [hour | some hour in numbers.range(0, 23); limits.met({"hours_utc": {"from": 22, "to": 2}}) with input as at(hour)]
	within == [0, 1, 22, 23]
}

test_another_hour_or_weekday if {
	limits.refusal({"hours_utc": {"from": 10, "to": 11}}) == "outside_hours" with input as fixture.request
	limits.refusal({"weekdays": ["sunday"]}) == "outside_hours" with input as fixture.request
}

test_the_first_limit_exceeded_is_the_reason if {
	limits.refusal({"weekdays": ["sunday"], "max_payload_bytes": 1}) == "payload_too_large" with input as fixture.request
}

test_no_limit_exceeded_is_no_reason if {
	limits.met({"rate_class": "slow"}) with input as fixture.request
	not limits.refusal({"rate_class": "slow"}) with input as fixture.request
}

test_what_looks_at_the_time if {
	limits.look_at_the_time({"hours_utc": {"from": 0, "to": 24}})
	limits.look_at_the_time({"weekdays": ["friday"]})
	not limits.look_at_the_time({"environments": ["production"], "max_payload_bytes": 0, "rate_class": "slow"})
}
