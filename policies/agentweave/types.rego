# The types that requests and grants share.
package agentweave.types

directions := {"inbound", "outbound"}

weekdays := {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

text(value) if {
	is_string(value)
	value != ""
}

# texts(value): a list of one or more non-empty strings.
texts(value) if {
	is_array(value)
	count(value) > 0
	every member in value {
		text(member)
	}
}

# whole(value): an integer from 0 up.
whole(value) if {
	is_number(value)
	value >= 0
	value == floor(value)
}

# texts_of(value, known): a list of one or more of the known words.
texts_of(value, known) if {
	texts(value)
	every member in value {
		member in known
	}
}
