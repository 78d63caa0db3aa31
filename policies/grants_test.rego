# The shipped grants.json.
package agentweave.grants_test

import data.agentweave.rights

grants := data.agentweave.grants

test_every_grant_is_well_formed if {
	count(grants) > 0
	rights.malformed == []
}

test_every_id_is_given_once if count({grant.id | some grant in grants}) == count(grants)

# A grant that is taken away refuses the next call.
test_no_permit_is_reusable if {
	every grant in grants {
		not grant.cacheable_for_seconds
	}
}

test_every_grant_limits_the_payload_and_names_a_rate_class if {
	every grant in grants {
		grant.limits.max_payload_bytes == 4194304
		grant.limits.rate_class in {"pipeline", "operator"}
	}
}
