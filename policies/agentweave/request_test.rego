package agentweave.request_test

import data.agentweave.fixture
import data.agentweave.request

test_no_input_is_malformed if not request.well_formed

test_an_input_of_a_wrong_type_is_malformed if {
	every value in fixture.of_wrong_type {
		not request.well_formed with input as value
	}
}

required := {
	"/direction",
	"/caller_spiffe_id",
	"/callee_spiffe_id",
	"/resource_spiffe_id",
	"/caller_trust_domain",
	"/resource_trust_domain",
	"/action",
	"/context",
	"/context/payload_size",
	"/context/environment",
	"/context/utc_hour",
	"/context/utc_weekday",
}

recorded := {"/timestamp", "/context/request_id", "/context/task_id", "/context/deadline_ms", "/context/rpc"}

test_a_request_without_a_required_member_is_malformed if {
	every path in required {
		not request.well_formed with input as fixture.cut(fixture.request, path)
	}
}

test_a_member_of_a_wrong_type_is_malformed if {
	every path in required {
		every value in fixture.of_wrong_type {
			not request.well_formed with input as fixture.put(fixture.request, path, value)
		}
	}
}

test_members_that_contradict_each_other_are_malformed if {
	every path, value in {
		"/resource_spiffe_id": fixture.storage,
		"/caller_trust_domain": "evil.example",
		"/resource_trust_domain": "evil.example",
		"/caller_spiffe_id": "spiffe://evil.example/agent/ingester",
	} {
		not request.well_formed with input as fixture.put(fixture.request, path, value)
	}
}

test_a_caller_or_callee_with_a_wildcard_is_malformed if {
	not request.well_formed with input as fixture.call("inbound", "spiffe://agentweave.io/agent/*", fixture.processor, "health")
	not request.well_formed with input as fixture.call("inbound", fixture.operator, "spiffe://agentweave.io/agent/*", "health")
}

test_an_hour_ends_at_23 if {
	request.well_formed with input as fixture.put(fixture.request, "/context/utc_hour", 23)
	not request.well_formed with input as fixture.put(fixture.request, "/context/utc_hour", 24)
}

test_what_is_only_recorded_is_not_looked_at if {
	every path in recorded {
		request.well_formed with input as fixture.cut(fixture.request, path)
		every value in fixture.of_wrong_type {
			request.well_formed with input as fixture.put(fixture.request, path, value)
		}
	}
}

test_members_unknown_here_are_ignored if {
	request.well_formed with input as fixture.put(fixture.request, "/colour", "blue")
}

test_a_capability_is_no_protocol_action if not request.protocol_action with input as fixture.request

test_task_get_is_a_protocol_action if {
	request.protocol_action with input as fixture.put(fixture.request, "/action", "task.get")
}
