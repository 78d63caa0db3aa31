# SPIFFE IDs and the patterns that grants name them by.
#
# Built from string functions rather than regular expressions: OPA and its Wasm runtime carry two different
# regular expression libraries, and one answer is wanted from both.
package agentweave.spiffe

# valid_id(id): a SPIFFE ID of a workload (SPIFFE ID specification, section 2): lower-case trust domain, at least one
# path segment, no empty or relative segment, at most 2048 bytes.
valid_id(id) if {
	parts := parts_of(id)
	every segment in array.slice(parts, 3, count(parts)) {
		valid_segment(segment)
	}
}

# valid_pattern(pattern): a SPIFFE ID in which a path segment may be `*` (exactly one segment) and the last one `**`
# (one or more segments). The trust domain is always spelled out.
valid_pattern(pattern) if {
	is_string(pattern)
	parts := parts_of(last_wildcard_single(pattern))
	every segment in array.slice(parts, 3, count(parts)) {
		valid_pattern_segment(segment)
	}
}

# matches(pattern, id): the pattern is valid and covers the valid ID. Wildcards cover path segments, never a trust
# domain.
matches(pattern, id) if pattern == id

matches(pattern, id) if {
	is_string(pattern)
	contains(pattern, "*")
	covers(pattern, id)
	valid_pattern(pattern)
}

# trust_domain(id): the trust domain of a valid ID or pattern.
trust_domain(id) := split(id, "/")[2]

# path(id): the path of a valid ID, with its leading slash.
path(id) := trim_prefix(id, concat("", ["spiffe://", trust_domain(id)]))

# parts_of(id): scheme, nothing, trust domain and one or more segments, or undefined when it is not shaped so.
parts_of(id) := parts if {
	is_string(id)
	count(id) <= 2048
	parts := split(id, "/")
	count(parts) > 3
	parts[0] == "spiffe:"
	parts[1] == ""
	valid_trust_domain(parts[2])
}

# The characters are in the order of their frequency in names, because `trim` tries them one after the other.
domain_characters := "eatnrisoglwvcdpumhfybkxjqz.-0123456789_"

segment_characters := "eatnrisoglwvcdpumhfybkxjqz-0123456789._ETAOINSRHLDCUMFPGWYBVKXJQZ"

valid_trust_domain(name) if {
	name != ""
	count(name) <= 255
	trim(name, domain_characters) == ""
}

valid_segment(segment) if {
	not segment in {"", ".", ".."}
	trim(segment, segment_characters) == ""
}

valid_pattern_segment("*")

valid_pattern_segment(segment) if valid_segment(segment)

last_wildcard_single(pattern) := concat("", [trim_suffix(pattern, "/**"), "/*"]) if {
	endswith(pattern, "/**")
} else := pattern

covers(pattern, id) if same_parts(split(pattern, "/"), split(id, "/"))

covers(pattern, id) if {
	endswith(pattern, "/**")
	stem := split(trim_suffix(pattern, "/**"), "/")
	parts := split(id, "/")
	count(parts) > count(stem)
	same_parts(stem, array.slice(parts, 0, count(stem)))
}

same_parts(pattern, parts) if {
	count(pattern) == count(parts)
	every i, part in pattern {
		part in {"*", parts[i]}
	}
}
