package agentweave.spiffe_test

import data.agentweave.fixture
import data.agentweave.spiffe

test_nothing_of_a_wrong_type_is_an_id_or_a_pattern if {
	every value in fixture.of_wrong_type {
		not spiffe.valid_id(value)
		not spiffe.valid_pattern(value)
		not spiffe.matches(value, fixture.ingester)
	}
}

test_malformed_ids if {
	every id in [
		"agentweave.io/agent/ingester",
		"https://agentweave.io/agent/ingester",
		"SPIFFE://agentweave.io/agent/ingester",
		"spiffe:/agentweave.io/agent/ingester",
		"spiffe://agentweave.io",
		"spiffe://agentweave.io/",
		"spiffe:///agent/ingester",
		"spiffe://AgentWeave.io/agent/ingester",
		"spiffe://user@agentweave.io/agent/ingester",
		"spiffe://agentweave.io:8443/agent/ingester",
		"spiffe://agentweave.io/agent//ingester",
		"spiffe://agentweave.io/agent/ingester/",
		"spiffe://agentweave.io/agent/./ingester",
		"spiffe://agentweave.io/agent/../ingester",
		"spiffe://agentweave.io/agent/*",
		"spiffe://agentweave.io/agent/in gester",
		"spiffe://agentweave.io/agent/ingester#x",
		"spiffe://agentweave.io/agent/%69ngester",
	] {
		not spiffe.valid_id(id)
	}
}

test_an_id_is_no_longer_than_2048_bytes if {
	longest := concat("", ["spiffe://a/", concat("", [c | some _ in numbers.range(1, 2037); c := "x"])])
	spiffe.valid_id(longest)
	not spiffe.valid_id(concat("", [longest, "x"]))
}

test_a_trust_domain_is_no_longer_than_255_bytes if {
	longest := concat("", [c | some _ in numbers.range(1, 255); c := "x"])
	spiffe.valid_id(concat("", ["spiffe://", longest, "/a"]))
	not spiffe.valid_id(concat("", ["spiffe://", longest, "x/a"]))
}

test_malformed_patterns if {
	every pattern in [
		"*",
		"**",
		"spiffe://**",
		"*//agentweave.io/agent/ingester",
		"spiffe:/*/agentweave.io/agent/ingester",
		"spiffe://*/agent/ingester",
		"spiffe://*.io/agent/ingester",
		"spiffe://agentweave.io",
		"spiffe://agentweave.io/agent/in*",
		"spiffe://agentweave.io/**/ingester",
		"spiffe://agentweave.io/agent/***",
		"spiffe://agentweave.io/agent/**/**",
		"spiffe://agentweave.io/agent/**/",
	] {
		not spiffe.valid_pattern(pattern)
		not spiffe.matches(pattern, fixture.ingester)
	}
}

test_patterns_that_do_not_match if {
	every pair in [
		["spiffe://agentweave.io/agent/*", "spiffe://agentweave.io/agent"],
		["spiffe://agentweave.io/agent/*", "spiffe://agentweave.io/agent/a/b"],
		["spiffe://agentweave.io/agent/**", "spiffe://agentweave.io/agent"],
		["spiffe://agentweave.io/agent/**", "spiffe://agentweave.io/agents/a"],
		["spiffe://agentweave.io/*/**", "spiffe://agentweave.io/agent"],
		["spiffe://agentweave.io/**", "spiffe://agentweave.io.evil.example/agent/a"],
		["spiffe://agentweave.io/agent/*", "spiffe://evil.example/agent/a"],
		["spiffe://agentweave.io/agent/a", "spiffe://agentweave.io/agent/b"],
	] {
		spiffe.valid_pattern(pair[0])
		spiffe.valid_id(pair[1])
		not spiffe.matches(pair[0], pair[1])
	}
}

test_patterns_that_match if {
	every pair in [
		["spiffe://agentweave.io/agent/a", "spiffe://agentweave.io/agent/a"],
		["spiffe://agentweave.io/agent/*", "spiffe://agentweave.io/agent/a"],
		["spiffe://agentweave.io/*/a", "spiffe://agentweave.io/agent/a"],
		["spiffe://agentweave.io/agent/**", "spiffe://agentweave.io/agent/a"],
		["spiffe://agentweave.io/agent/**", "spiffe://agentweave.io/agent/a/b/c"],
		["spiffe://agentweave.io/*/**", "spiffe://agentweave.io/agent/a"],
		["spiffe://agentweave.io/**", "spiffe://agentweave.io/a"],
	] {
		spiffe.valid_pattern(pair[0])
		spiffe.valid_id(pair[1])
		spiffe.matches(pair[0], pair[1])
	}
}

test_an_id_is_in_its_trust_domain_and_no_other if {
	spiffe.trust_domain(fixture.operator) == "agentweave.io"
	spiffe.valid_id_in("agentweave.io", fixture.operator)
	not spiffe.valid_id_in("agentweave", fixture.operator)
	not spiffe.valid_id_in("agentweave.io/operator", fixture.operator)
}
