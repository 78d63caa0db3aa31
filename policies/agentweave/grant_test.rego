package agentweave.grant_test

import data.agentweave.fixture
import data.agentweave.grant

test_a_grant_of_a_wrong_type_is_malformed if {
	every value in fixture.of_wrong_type {
		not grant.well_formed(value)
	}
}

test_a_grant_without_a_member_is_malformed if {
	every name, _ in fixture.grant {
		not grant.well_formed(object.remove(fixture.grant, [name]))
	}
}

test_a_member_of_a_wrong_type_is_malformed if {
	every name in ["id", "caller", "callee", "capabilities", "directions", "cacheable_for_seconds"] {
		every value in array.concat(fixture.of_wrong_type, [0]) {
			not grant.well_formed(object.union(fixture.grant, {name: value}))
		}
	}
	every value in [null, true, "", 1, []] {
		not grant.well_formed(object.union(fixture.grant, {"limits": value}))
	}
}

test_a_limit_of_a_wrong_type_is_malformed if {
	every name in ["environments", "max_payload_bytes", "hours_utc", "weekdays", "rate_class"] {
		every value in fixture.of_wrong_type {
			not grant.well_formed(object.union(fixture.grant, {"limits": {name: value}}))
		}
	}
}

test_a_misspelt_member_or_limit_is_malformed if {
	not grant.well_formed(object.union(fixture.grant, {"limit": {}}))
	not grant.well_formed(object.union(fixture.grant, {"limits": {"max_payload": 1}}))
}

test_hours_that_mean_nothing_are_malformed if {
	every hours in [
		{"from": 8},
		{"to": 18},
		{"from": 8, "to": 8},
		{"from": 24, "to": 8},
		{"from": 8, "to": 25},
		{"from": -1, "to": 8},
		{"from": "8", "to": 18},
		{"from": 8, "to": null},
		{"from": 8, "to": 17.5},
		{"from": 8, "to": 18, "zone": "CET"},
	] {
		not grant.well_formed(object.union(fixture.grant, {"limits": {"hours_utc": hours}}))
	}
}

test_every_capability_is_malformed_inbound if {
	not grant.well_formed(object.union(fixture.grant, {"capabilities": ["*"]}))
	not grant.well_formed(object.union(fixture.grant, {"capabilities": ["*"], "directions": ["inbound", "outbound"]}))
}

test_every_capability_stands_alone if {
	not grant.well_formed(object.union(fixture.grant, {"capabilities": ["*", "health"], "directions": ["outbound"]}))
}

test_every_capability_is_well_formed_outbound if {
	grant.well_formed(object.union(fixture.grant, {"capabilities": ["*"], "directions": ["outbound"]}))
}

test_a_grant_with_everything_is_well_formed if {
	grant.well_formed(fixture.grant)
	grant.well_formed(object.union(fixture.grant, {
		"cacheable_for_seconds": 60,
		"limits": {
			"environments": ["production"],
			"max_payload_bytes": 0,
			"hours_utc": {"from": 0, "to": 24},
			"weekdays": ["monday"],
			"rate_class": "slow",
		},
	}))
}
