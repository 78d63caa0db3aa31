package agentweave.types_test

import data.agentweave.fixture
import data.agentweave.types

test_nothing_of_a_wrong_type_is_text if {
	every value in fixture.of_wrong_type {
		not types.text(value)
	}
}

test_nothing_of_a_wrong_type_is_a_list_of_texts if {
	every value in array.concat(fixture.of_wrong_type, ["a", ["a", 1], ["a", ""], {"a": "a"}]) {
		not types.texts(value)
	}
}

test_nothing_of_a_wrong_type_is_whole if {
	every value in array.concat(fixture.of_wrong_type, ["1"]) {
		not types.whole(value)
	}
}

test_zero_and_large_numbers_are_whole if {
	types.whole(0)
	types.whole(9007199254740991)
}

test_nothing_beyond_the_engines_is_whole if {
	every value in [9007199254740992, 9007199254740993, 1e21, 1e308, 1e400, -1e400] {
		not types.whole(value)
	}
}

test_an_unknown_word_spoils_a_list if not types.texts_of(["inbound", "sideways"], types.directions)

test_known_words_in_any_order if types.texts_of(["outbound", "inbound"], types.directions)
