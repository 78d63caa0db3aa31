package io.agentweave.authz;

import static io.agentweave.authz.Questions.CLI;
import static io.agentweave.authz.Questions.POLICIES;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.authz.GrantsFile.Grants;
import io.agentweave.call.Payload;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkedOutAnswersTest {
  private static final Grants GRANTS = new Grants("{}", "r1");

  private RulesBytes module = new RulesBytes(new byte[0]);
  private RulesManifest manifest = new RulesManifest("", Set.of());

  @BeforeEach
  void read() throws Exception {
    module = new RulesBytes(Files.readAllBytes(POLICIES.resolve("policy.wasm")));
    manifest = RulesManifest.in(POLICIES);
  }

  private static Permit permit() {
    return new Permit("id-1", "r1", "g", "pipeline", Duration.ofSeconds(3));
  }

  @Test
  void theShippedRules_readNothingThatAKeyLacks() {
    assertThat(manifest.describes(module)).isTrue();
    assertThat(manifest.reads()).isNotEmpty();
    assertThat(ReuseKey.MEMBERS).containsAll(manifest.reads());
  }

  @Test
  void anEqualQuestion_getsTheSameAnswerAsADecisionOfItsOwn() {
    var answers = new WorkedOutAnswers(manifest, module);
    answers.keep(Questions.granted(), GRANTS, permit());

    Decision found = answers.find(Questions.granted(), GRANTS).orElseThrow();

    assertThat(found)
        .isInstanceOfSatisfying(
            Permit.class,
            again -> {
              assertThat(again.id()).isNotEqualTo("id-1");
              assertThat(again.policyId()).isEqualTo("g");
              assertThat(again.rateClass()).isEqualTo("pipeline");
              assertThat(again.reusableFor()).isEqualTo(Duration.ofSeconds(3));
              assertThat(again.revision()).isEqualTo("r1");
              assertThat(again.reused()).isFalse();
            });
  }

  @Test
  void aQuestionThatDiffersInAnythingTheRulesRead_getsNone() {
    var answers = new WorkedOutAnswers(manifest, module);
    PolicyInput granted = Questions.granted();
    answers.keep(granted, GRANTS, permit());

    List<PolicyInput> others =
        List.of(
            Questions.inbound(CLI, "process_event"),
            Questions.inbound(Questions.INGESTER, "process_batch"),
            Questions.outbound(Questions.INGESTER, Questions.PROCESSOR, "process_event"),
            Questions.with(granted, Payload.ofJson("{\"a\":1}"), null),
            Questions.in(granted, "staging"),
            Questions.at(granted, granted.timestamp().plus(Duration.ofHours(1))),
            Questions.at(granted, granted.timestamp().plus(Duration.ofDays(1))));

    assertThat(others).allSatisfy(other -> assertThat(answers.find(other, GRANTS)).isEmpty());
  }

  @Test
  void aPermit_isTheAnswerForSizesAndTimesThatItSaysItIsTheSameFor() {
    var answers = new WorkedOutAnswers(manifest, module);
    PolicyInput granted = Questions.granted();
    PolicyInput larger = Questions.with(granted, Payload.ofJson("{\"a\":1}"), null);
    PolicyInput tooLarge = Questions.with(granted, Payload.ofJson("{\"a\":10}"), null);
    PolicyInput tomorrow = Questions.at(larger, granted.timestamp().plus(Duration.ofDays(1)));
    answers.keep(
        granted,
        GRANTS,
        new Permit("id-1", "r1", "g", "pipeline", Duration.ZERO, new SameFor(0, 7, true)));

    assertThat(answers.find(larger, GRANTS)).isPresent();
    assertThat(answers.find(tomorrow, GRANTS)).isPresent();
    assertThat(answers.find(tooLarge, GRANTS)).isEmpty();
    assertThat(answers.find(Questions.in(larger, "staging"), GRANTS)).isEmpty();
    assertThat(answers.find(larger, new Grants("{ }", "r1"))).isEmpty();
  }

  @Test
  void otherGrants_withTheSameRevisionEven_getNone() {
    var answers = new WorkedOutAnswers(manifest, module);
    answers.keep(Questions.granted(), GRANTS, permit());

    assertThat(answers.find(Questions.granted(), new Grants("{ }", "r1"))).isEmpty();
  }

  @Test
  void nobodysAnswer_isNotKept() {
    var answers = new WorkedOutAnswers(manifest, module);

    answers.keep(Questions.granted(), GRANTS, new Unavailable("id-1", "timeout", "no turn"));

    assertThat(answers.find(Questions.granted(), GRANTS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input",
        "input.context",
        "input.timestamp",
        "input.context.request_id",
        "input.context.deadline_ms",
        "input.colour"
      })
  void rulesThatReadMoreThanAKeyHolds_areAskedEachTime(String member) {
    Set<String> reads = new HashSet<>(manifest.reads());
    reads.add(member);
    var answers = new WorkedOutAnswers(new RulesManifest(manifest.wasm(), reads), module);

    answers.keep(Questions.granted(), GRANTS, permit());

    assertThat(answers.find(Questions.granted(), GRANTS)).isEmpty();
  }

  @Test
  void aManifestOfAnotherModule_orNone_saysNothing() {
    for (RulesManifest other :
        List.of(
            new RulesManifest("0".repeat(64), manifest.reads()),
            new RulesManifest("", Set.of()),
            new RulesManifest(manifest.wasm(), Set.of()))) {
      var answers = new WorkedOutAnswers(other, module);

      answers.keep(Questions.granted(), GRANTS, permit());

      assertThat(answers.find(Questions.granted(), GRANTS)).isEmpty();
    }
  }
}
