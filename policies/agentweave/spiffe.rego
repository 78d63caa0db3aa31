# SPIFFE IDs and the patterns that grants name them by.
#
# Built from string functions rather than regular expressions: OPA and its Wasm runtime carry two different
# regular expression libraries, and one answer is wanted from both. A string function is undefined for what is no
# string, so a value of a wrong type is never valid and covers nothing.
package agentweave.spiffe

# valid_id(id): a SPIFFE ID of a workload (SPIFFE ID specification, section 2): lower-case trust domain, at least one
# path segment, no empty or relative segment, at most 2048 bytes.
valid_id(id) if valid_id_in(trust_domain(id), id)

# valid_id_in(domain, id): a valid ID, and this is its trust domain. The characters that may occur are in the order of
# their frequency in names, because `trim` tries them one after the other; it leaves nothing where no other occurs.
valid_id_in(domain, id) if {
	not domain == ""
	count(domain) <= 255
	trim(domain, "eatnrisoglwvcdpumhfybkxjqz.-0123456789_") == ""
	count(id) <= 2048
	path := trim_prefix(id, concat("", ["spiffe://", domain, "/"]))
	not path == id
	trim(path, "eatnrisoglwvcdpumhfybkxjqz/-0123456789._ETAOINSRHLDCUMFPGWYBVKXJQZ") == ""
	segments := split(path, "/")
	not "" in segments
	not "." in segments
	not ".." in segments
}

# valid_pattern(pattern): a SPIFFE ID in which a path segment may be `*` (exactly one segment) and the last one `**`
# (one or more segments). The trust domain is always spelled out.
valid_pattern(pattern) if {
	parts := split(last_wildcard_single(pattern), "/")
	path := [segment | some part in array.slice(parts, 3, count(parts)); segment := without_wildcard(part)]
	valid_id(concat("/", array.concat(array.slice(parts, 0, 3), path)))
}

# without_wildcard(part): a name as long as `*` in its place, every other part as it is.
without_wildcard(part) := "x" if {
	part == "*"
} else := part

# matches(pattern, id): the pattern is valid and covers the valid ID. Wildcards cover path segments, never a trust
# domain.
matches(pattern, id) if pattern == id

matches(pattern, id) if {
	contains(pattern, "*")
	covers(pattern, id)
	valid_pattern(pattern)
}

# trust_domain(id): the trust domain of a valid ID or pattern.
trust_domain(id) := split(id, "/")[2]

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
