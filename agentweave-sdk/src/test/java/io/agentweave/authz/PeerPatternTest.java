package io.agentweave.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.Anything;
import io.agentweave.identity.SpiffeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerPatternTest {

  @ParameterizedTest
  @CsvSource({
    "spiffe://a.io/agent/x, spiffe://a.io/agent/xy",
    "spiffe://a.io/agent/x, spiffe://a.io/agent",
    "spiffe://a.io/agent/x, spiffe://a.io/agent/x/y",
    "spiffe://a.io/agent/x, spiffe://b.io/agent/x",
    "spiffe://a.io/agent/*, spiffe://a.io/agent",
    "spiffe://a.io/agent/*, spiffe://a.io/agent/x/y",
    "spiffe://a.io/agent/*, spiffe://a.io/other/x",
    "spiffe://a.io/*/x, spiffe://a.io/x",
    "spiffe://a.io/agent/**, spiffe://a.io/agent",
    "spiffe://a.io/agent/**, spiffe://a.io/agents/x",
    "spiffe://a.io/agent/*/**, spiffe://a.io/agent/x",
    "spiffe://a.io/**, spiffe://b.io/x",
    "spiffe://a.io/**, spiffe://a.io.evil/x"
  })
  void doesNotMatch(String pattern, String id) {
    assertThat(PeerPattern.parse(pattern).matches(SpiffeId.parse(id))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "spiffe://a.io/agent/x, spiffe://a.io/agent/x",
    "spiffe://a.io/agent/*, spiffe://a.io/agent/x",
    "spiffe://a.io/*/x, spiffe://a.io/agent/x",
    "spiffe://a.io/agent/**, spiffe://a.io/agent/x",
    "spiffe://a.io/agent/**, spiffe://a.io/agent/x/y/z",
    "spiffe://a.io/agent/*/**, spiffe://a.io/agent/x/y",
    "spiffe://a.io/**, spiffe://a.io/x"
  })
  void matches(String pattern, String id) {
    assertThat(PeerPattern.parse(pattern).matches(SpiffeId.parse(id))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "**",
        "a.io/agent/x",
        "spiffe://a.io",
        "spiffe://a.io/",
        "spiffe://*/agent/x",
        "spiffe://*.io/agent/x",
        "spiffe:///agent/x",
        "spiffe://a.io/agent/x*",
        "spiffe://a.io/agent/*x",
        "spiffe://a.io/**/x",
        "spiffe://a.io/agent/***",
        "spiffe://a.io/agent//x",
        "spiffe://a.io/agent/../x",
        "spiffe://a.io/agent/[a-z]",
        "spiffe://a.io/agent/?",
        "https://a.io/agent/x",
        "SPIFFE://a.io/agent/x"
      })
  void aPatternThatBreaksARule_isNotParsed(String text) {
    assertThatThrownBy(() -> PeerPattern.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLiteralPattern_matchesItselfAlone() {
    Anything.tried(
        300,
        any -> {
          String one = any.text("abc", 1, 3);
          String other = any.text("abc", 1, 3);
          PeerPattern pattern = PeerPattern.parse("spiffe://a.io/agent/" + one);

          assertThat(pattern.matches(SpiffeId.parse("spiffe://a.io/agent/" + other)))
              .isEqualTo(one.equals(other));
        });
  }

  @Test
  void anyText_isNoPattern_orMatchesNothingOfAnotherDomain() {
    SpiffeId stranger = SpiffeId.parse("spiffe://b.io/agent/x");
    Anything.tried(
        1000,
        any -> {
          String text =
              "spiffe://a.io/"
                  + String.join("", any.list(0, 6, () -> any.of("*", "**", "/", "agent", "x", ".")))
                  + any.text(2);
          try {
            assertThat(PeerPattern.parse(text).matches(stranger)).isFalse();
          } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).matches("[ -~]+");
          }
        });
  }

  @Test
  void aRequirement_isMetByAnyOfItsPatterns() {
    var requirement =
        new PeerRequirement(
            java.util.List.of(
                PeerPattern.parse("spiffe://a.io/x"), PeerPattern.parse("spiffe://b.io/*")));

    assertThat(requirement.isMetBy(SpiffeId.parse("spiffe://b.io/y"))).isTrue();
    assertThat(requirement.isMetBy(SpiffeId.parse("spiffe://a.io/x"))).isTrue();
    assertThat(requirement.isMetBy(SpiffeId.parse("spiffe://a.io/y"))).isFalse();
  }
}
