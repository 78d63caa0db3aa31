# The types that requests and grants share.
package agentweave.types

directions := {"inbound", "outbound"}

weekdays := {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

text(value) if {
	is_string(value)
	not value == ""
}

# texts(value): a list of one or more non-empty strings.
texts(value) if {
	is_array(value)
	not value == []
	not "" in value
	concat("", value) # undefined where a member is no string
}

# most: the largest integer that every engine holds exactly; beyond it they would differ.
most := 9007199254740991

# whole(value): an integer from 0 to `most`. `floor` is undefined for what is no number.
whole(value) if {
	floor(value) == value
	value >= 0
	value <= most
}

# texts_of(value, known): a list of one or more of the known words.
texts_of(value, known) if {
	is_array(value)
	not value == []
	{member | some member in value} - known == set()
}
