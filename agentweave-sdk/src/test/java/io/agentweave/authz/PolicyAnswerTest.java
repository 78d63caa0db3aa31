package io.agentweave.authz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyAnswerTest {

  private static Decision read(String result) {
    JsonNode tree = PolicyAnswer.parse(result.getBytes(UTF_8));
    assertThat(tree).isNotNull();
    return PolicyAnswer.decision("id", "r1", tree);
  }

  @Test
  void noResult_isDeniedAsUndefined() {
    assertThat(PolicyAnswer.decision("id", "r1", null))
        .isEqualTo(new Denied("id", "r1", "", "undefined"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"reason\": \"granted\"}", "{\"Allow\": true}"})
  void noAllow_isDeniedAsUndefined(String result) {
    assertThat(read(result)).isEqualTo(new Denied("id", "r1", "", "undefined"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1",
        "\"true\"",
        "[]",
        "[true]",
        "{\"allow\": null}",
        "{\"allow\": 1}",
        "{\"allow\": \"true\"}",
        "{\"allow\": [true]}",
        "{\"allow\": {}}",
        "{\"allow\": true, \"reason\": 7}",
        "{\"allow\": true, \"policy_id\": null}",
        "{\"allow\": true, \"rate_class\": {}}",
        "{\"allow\": false, \"reason\": []}",
        "{\"allow\": true, \"cacheable_for\": -1}",
        "{\"allow\": true, \"cacheable_for\": -0.001}",
        "{\"allow\": true, \"cacheable_for\": \"60\"}",
        "{\"allow\": true, \"cacheable_for\": true}",
        "{\"allow\": true, \"cacheable_for\": null}",
        "{\"allow\": true, \"cacheable_for\": 1e400}",
        "{\"allow\": true, \"same_for\": null}",
        "{\"allow\": true, \"same_for\": {}}",
        "{\"allow\": true, \"same_for\": {\"any_time\": true}}",
        "{\"allow\": true, \"same_for\": {\"payload_size\": {\"from\": 0, \"to\": 1}}}",
        "{\"allow\": true, \"same_for\": {\"payload_size\": {\"to\": 1}, \"any_time\": true}}",
        "{\"allow\": true, \"same_for\": {\"payload_size\": {\"from\": 0, \"to\": 1.5},"
            + " \"any_time\": true}}",
        "{\"allow\": true, \"same_for\": {\"payload_size\": {\"from\": 0, \"to\": 1e30},"
            + " \"any_time\": true}}",
        "{\"allow\": true, \"same_for\": {\"payload_size\": {\"from\": \"0\", \"to\": 1},"
            + " \"any_time\": true}}",
        "{\"allow\": true, \"same_for\": {\"payload_size\": {\"from\": 0, \"to\": 1}, \"any_time\":"
            + " 1}}"
      })
  void aResultOfAWrongType_isUnavailable(String result) {
    assertThat(read(result))
        .isInstanceOfSatisfying(
            Unavailable.class, u -> assertThat(u.fault()).isEqualTo("wrong_type"));
  }

  @Test
  void anEndlessReason_isUnavailable() {
    assertThat(read("{\"allow\": false, \"reason\": \"" + "a".repeat(257) + "\"}"))
        .isInstanceOf(Unavailable.class);
    assertThat(read("{\"allow\": false, \"reason\": \"" + "a".repeat(256) + "\"}"))
        .isInstanceOf(Denied.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "true false",
        "{} {}",
        "<html>",
        "{\"allow\": false, \"allow\": true}",
        "{\"a\": NaN}"
      })
  void whatIsNoSingleJsonDocument_isNotParsed(String json) {
    assertThat(PolicyAnswer.parse(json.getBytes(UTF_8))).isNull();
  }

  @Test
  void nestingWithoutEnd_isNotParsed() {
    assertThat(PolicyAnswer.parse("[".repeat(100_000).getBytes(UTF_8))).isNull();
  }

  @Test
  void false_isDenied() {
    assertThat(read("false")).isEqualTo(new Denied("id", "r1", "", "denied"));
  }

  @Test
  void anObjectThatRefuses_isDeniedWithItsReason() {
    assertThat(read("{\"allow\": false, \"reason\": \"no_grant\", \"policy_id\": \"p\"}"))
        .isEqualTo(new Denied("id", "r1", "p", "no_grant"));
  }

  @Test
  void true_permitsOnceAndSaysNoMore() {
    assertThat(read("true"))
        .isInstanceOfSatisfying(
            Permit.class,
            permit -> {
              assertThat(permit.id()).isEqualTo("id");
              assertThat(permit.revision()).isEqualTo("r1");
              assertThat(permit.policyId()).isEmpty();
              assertThat(permit.rateClass()).isNull();
              assertThat(permit.reusableFor()).isZero();
              assertThat(permit.reused()).isFalse();
              assertThat(permit.shadow()).isFalse();
            });
  }

  @Test
  void anObjectThatAllows_permitsOnItsTerms_andItsOtherFieldsAreLeftAlone() {
    assertThat(
            read(
                """
                {"allow": true, "reason": "granted", "policy_id": "g", "rate_class": "pipeline",
                 "cacheable_for": 1.5, "obligations": [1], "decision": {"allow": false}}
                """))
        .isInstanceOfSatisfying(
            Permit.class,
            permit -> {
              assertThat(permit.policyId()).isEqualTo("g");
              assertThat(permit.rateClass()).isEqualTo("pipeline");
              assertThat(permit.reusableFor()).isEqualTo(Duration.ofMillis(1500));
            });
  }

  @Test
  void aPermit_saysForWhatElseItIsTheAnswer() {
    assertThat(
            read(
                """
                {"allow": true,
                 "same_for": {"payload_size": {"from": 11, "to": 20.0}, "any_time": false}}
                """))
        .isInstanceOfSatisfying(
            Permit.class, p -> assertThat(p.sameFor()).isEqualTo(new SameFor(11, 20, false)));
    assertThat(read("{\"allow\": true}"))
        .isInstanceOfSatisfying(Permit.class, p -> assertThat(p.sameFor()).isNull());
  }

  @Test
  void reuse_lastsADayAtMost() {
    assertThat(read("{\"allow\": true, \"cacheable_for\": 1e300}"))
        .isInstanceOfSatisfying(
            Permit.class, p -> assertThat(p.reusableFor()).isEqualTo(Duration.ofDays(1)));
  }
}
