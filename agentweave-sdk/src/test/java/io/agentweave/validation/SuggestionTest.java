package io.agentweave.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {

  @ParameterizedTest
  @CsvSource({"nmae,name", "trust_doman,trust_domain", "ports,port", "hsot,host"})
  void nearWords_areSuggested(String given, String meant) {
    assertThat(Suggestion.didYouMean(given, List.of("name", "trust_domain", "port", "host")))
        .isEqualTo("; did you mean " + meant + "?");
  }

  @Test
  void farWords_areNot() {
    assertThat(Suggestion.didYouMean("password", List.of("name", "port"))).isEmpty();
    assertThat(Suggestion.didYouMean("", List.of("name"))).isEmpty();
    assertThat(Suggestion.didYouMean("name".repeat(100_000), List.of("name"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"abc,abc,0", "abc,abd,1", "abc,acb,1", "abc,ab,1", "abc,abcd,1", "kitten,sitting,3"})
  void distance_countsInsertedDeletedChangedAndSwappedLetters(String a, String b, int distance) {
    assertThat(Suggestion.distance(a, b)).isEqualTo(distance);
    assertThat(Suggestion.distance(b, a)).isEqualTo(distance);
  }
}
