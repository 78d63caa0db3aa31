package io.agentweave.authz;

import static io.agentweave.authz.Questions.CLI;
import static io.agentweave.authz.Questions.INGESTER;
import static io.agentweave.authz.Questions.PROCESSOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.agentweave.call.Payload;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.ProvenPeers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AuthorizerTest {
  private static final PeerRequirement ANY = PeerRequirement.anyProvenPeer();
  private static final PeerRequirement INGESTER_ONLY =
      new PeerRequirement(List.of(PeerPattern.parse(INGESTER)));
  private static final PeerIdentity PEER = ProvenPeers.peer(INGESTER, "0a");

  private final AtomicLong nanoTime = new AtomicLong();
  private final ScriptedEngine engine = new ScriptedEngine();
  private final Authorizer authorizer = new PeerThenPolicyAuthorizer(engine, nanoTime::get);

  /** Permits everything, for as long and under whatever revision a test says. */
  private static final class ScriptedEngine implements PolicyEngine {
    private Duration reusableFor = Duration.ofSeconds(60);
    private @Nullable SameFor sameFor;
    private String revision = "r1";
    private String answering = "";
    private int asked;
    private boolean closed;

    @Override
    public Decision decide(PolicyInput input) {
      asked++;
      String id = "decision-" + asked;
      return switch (answering) {
        case "denied" -> new Denied(id, revision, "p", "no_grant");
        case "unavailable" -> new Unavailable(id, "timeout", "");
        default -> new Permit(id, revision, "g", "pipeline", reusableFor, sameFor);
      };
    }

    @Override
    public String revision() {
      return revision;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private Decision inbound() {
    return authorizer.inbound(Questions.granted(), PEER, ANY);
  }

  @Test
  void aPeerThatTheRequirementDoesNotName_isDenied_andPolicyIsNotAsked() {
    Decision decision =
        authorizer.inbound(
            Questions.inbound(CLI, "process_event"), ProvenPeers.peer(CLI, "0b"), INGESTER_ONLY);

    assertThat(decision)
        .isInstanceOfSatisfying(
            Denied.class,
            denied -> {
              assertThat(denied.policyId()).isEqualTo("requires_peer");
              assertThat(denied.reason()).isEqualTo("peer_not_allowed");
              assertThat(denied.revision()).isEmpty();
              assertThat(denied.id()).isNotEmpty();
            });
    assertThat(engine.asked).isZero();
  }

  @Test
  void aReusablePermit_doesNotGetPastAPeerRequirement() {
    inbound();

    Decision decision =
        authorizer.inbound(
            Questions.granted(), PEER, new PeerRequirement(List.of(PeerPattern.parse(CLI))));

    assertThat(decision).isInstanceOf(Denied.class);
  }

  @Test
  void anInputThatNamesAnotherCallerThanTheProvenOne_isABug() {
    assertThatThrownBy(
            () -> authorizer.inbound(Questions.granted(), ProvenPeers.peer(CLI, "0b"), ANY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(engine.asked).isZero();
  }

  @Test
  void aCallOfTheOtherDirection_isABug() {
    PolicyInput outbound = Questions.outbound(INGESTER, PROCESSOR, "process_event");

    assertThatThrownBy(() -> authorizer.inbound(outbound, PEER, ANY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> authorizer.replay(outbound, ANY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> authorizer.outbound(Questions.granted()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(engine.asked).isZero();
  }

  @Test
  void refusals_areNeverReused() {
    for (String refusal : List.of("denied", "unavailable", "denied")) {
      engine.answering = refusal;
      assertThat(inbound().word()).isEqualTo(refusal);
    }
    assertThat(engine.asked).isEqualTo(3);
  }

  @Test
  void aPermitThatPolicyDoesNotLetBeReused_isAskedForEachTime() {
    engine.reusableFor = Duration.ZERO;
    inbound();

    assertThat(((Permit) inbound()).reused()).isFalse();
    assertThat(engine.asked).isEqualTo(2);
  }

  @Test
  void aPermitOfNoKnownRevision_isNeverReused() {
    engine.revision = "";
    inbound();

    assertThat(((Permit) inbound()).reused()).isFalse();
    assertThat(engine.asked).isEqualTo(2);
  }

  @Test
  void aReusablePermit_isUsedAgainUnderAnIdOfItsOwn() {
    Permit first = (Permit) inbound();
    Permit second = (Permit) inbound();

    assertThat(engine.asked).isEqualTo(1);
    assertThat(first.reused()).isFalse();
    assertThat(second.reused()).isTrue();
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.revision()).isEqualTo("r1");
    assertThat(second.policyId()).isEqualTo("g");
    assertThat(second.rateClass()).isEqualTo("pipeline");
  }

  @Test
  void reuse_endsWhenThePolicySaid_toTheNanosecond() {
    inbound();
    nanoTime.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
    assertThat(((Permit) inbound()).reused()).isTrue();

    nanoTime.incrementAndGet();

    assertThat(((Permit) inbound()).reused()).isFalse();
  }

  @Test
  void reuse_doesNotProlongItself() {
    inbound();
    for (int i = 0; i < 59; i++) {
      nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
      assertThat(((Permit) inbound()).reused()).isTrue();
    }
    nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(((Permit) inbound()).reused()).isFalse();
  }

  @Test
  void aPermit_doesNotOutliveItsPolicyRevision() {
    inbound();
    engine.revision = "r2";
    engine.answering = "denied";

    assertThat(inbound()).isInstanceOf(Denied.class);

    engine.revision = "r1";
    assertThat(inbound()).as("nor does it come back with it").isInstanceOf(Denied.class);
  }

  @Test
  void aPermit_doesNotOutliveTheMomentInWhichTheRevisionIsKnown() {
    inbound();
    engine.revision = "";
    engine.answering = "unavailable";

    assertThat(inbound()).isInstanceOf(Unavailable.class);
  }

  @Test
  void aPermit_doesNotOutliveThePeersSvid() {
    inbound();
    engine.answering = "denied";

    assertThat(authorizer.inbound(Questions.granted(), ProvenPeers.peer(INGESTER, "0b"), ANY))
        .isInstanceOf(Denied.class);
  }

  static List<PolicyInput> questionsThatDifferInOneThing() {
    PolicyInput granted = Questions.granted();
    return List.of(
        Questions.inbound(INGESTER, "process_batch"),
        Questions.with(granted, Payload.ofJson("{ }"), null),
        Questions.with(granted, Payload.ofJson("{}"), "task-1"),
        Questions.by(granted, "SendStreamingMessage"),
        Questions.in(granted, "staging"),
        Questions.at(granted, granted.timestamp().plus(Duration.ofHours(1))),
        Questions.at(granted, Instant.parse("2026-11-21T09:30:00Z")));
  }

  @ParameterizedTest
  @MethodSource("questionsThatDifferInOneThing")
  void aPermit_isForNoOtherQuestion(PolicyInput other) {
    inbound();
    engine.answering = "denied";

    assertThat(authorizer.inbound(other, PEER, ANY)).isInstanceOf(Denied.class);
  }

  /** Two bytes; the size that a question has if a test says nothing else. */
  private static PolicyInput ofSize(int bytes) {
    return Questions.with(
        Questions.granted(), Payload.ofJson("{" + " ".repeat(bytes - 2) + "}"), null);
  }

  private boolean reused(PolicyInput question) {
    return authorizer.inbound(question, PEER, ANY).reused();
  }

  @Test
  void aPermitThatIsTheSameForOtherSizes_isReusedForThese_andNoOther() {
    engine.sameFor = new SameFor(2, 10, true);
    assertThat(reused(ofSize(5))).isFalse();

    assertThat(reused(ofSize(2))).isTrue();
    assertThat(reused(ofSize(10))).isTrue();
    engine.sameFor = new SameFor(11, 20, true);
    assertThat(reused(ofSize(11))).isFalse();
    assertThat(reused(ofSize(20))).isTrue();
    assertThat(reused(ofSize(5))).as("its own question").isTrue();
    assertThat(reused(ofSize(21))).isFalse();
  }

  @Test
  void aPermitThatIsTheSameAtAnyTime_isReusedAtAnother_andElseNot() {
    PolicyInput later = Questions.at(ofSize(2), Instant.parse("2026-11-21T10:30:00Z"));
    engine.sameFor = new SameFor(0, 10, false);
    assertThat(reused(ofSize(2))).isFalse();
    assertThat(reused(ofSize(3))).isTrue();
    assertThat(reused(later)).isFalse();

    engine.sameFor = new SameFor(0, 10, true);
    assertThat(reused(Questions.inbound(INGESTER, "other"))).isFalse();
    assertThat(reused(Questions.at(Questions.inbound(INGESTER, "other"), later.timestamp())))
        .isTrue();
  }

  @Test
  void aPermitThatIsTheSameForOthers_isForNoOtherQuestionAllTheSame() {
    engine.sameFor = new SameFor(0, Long.MAX_VALUE, true);
    inbound();
    engine.answering = "denied";

    assertThat(questionsThatDifferInOneThing())
        .filteredOn(other -> authorizer.inbound(other, PEER, ANY) instanceof Permit)
        .as("but for size and time")
        .extracting(other -> other.call().payload().size(), PolicyInput::timestamp)
        .containsExactlyInAnyOrder(
            tuple(3, Questions.granted().timestamp()),
            tuple(2, Questions.granted().timestamp().plus(Duration.ofHours(1))),
            tuple(2, Instant.parse("2026-11-21T09:30:00Z")));
    assertThat(authorizer.inbound(ofSize(2), ProvenPeers.peer(INGESTER, "0b"), ANY))
        .as("nor for another SVID")
        .isInstanceOf(Denied.class);
  }

  @Test
  void aPermitThatIsTheSameForOthers_endsWithItsTimeAndItsRevision() {
    engine.sameFor = new SameFor(0, 100, true);
    inbound();
    nanoTime.addAndGet(Duration.ofSeconds(60).toNanos());
    assertThat(reused(ofSize(3))).isFalse();

    engine.revision = "r2";
    engine.answering = "denied";
    assertThat(authorizer.inbound(ofSize(4), PEER, ANY)).isInstanceOf(Denied.class);

    engine.revision = "r1";
    assertThat(authorizer.inbound(ofSize(5), PEER, ANY))
        .as("nor does it come back with it")
        .isInstanceOf(Denied.class);
  }

  @Test
  void aPermitThatIsTheSameForOthers_isReusedForThemOnlyWherePolicyLetsItBeReused() {
    engine.sameFor = new SameFor(0, 100, true);
    engine.reusableFor = Duration.ZERO;
    inbound();

    assertThat(reused(ofSize(3))).isFalse();
    assertThat(engine.asked).isEqualTo(2);
  }

  @Test
  void aPermit_isForNoOtherCallerOrCallee() {
    authorizer.outbound(Questions.outbound(INGESTER, PROCESSOR, "process_event"));
    engine.answering = "denied";

    assertThat(authorizer.outbound(Questions.outbound(CLI, PROCESSOR, "process_event")))
        .isInstanceOf(Denied.class);
    assertThat(authorizer.outbound(Questions.outbound(INGESTER, CLI, "process_event")))
        .isInstanceOf(Denied.class);
    assertThat(inbound()).as("nor for the other direction").isInstanceOf(Denied.class);
    assertThat(authorizer.outbound(Questions.outbound(INGESTER, PROCESSOR, "process_event")))
        .isInstanceOf(Permit.class);
  }

  @Test
  void aReplay_isAskedAfreshEachTime_andHeldToTheRequirement() {
    inbound();
    engine.answering = "denied";

    assertThat(authorizer.replay(Questions.granted(), ANY)).isInstanceOf(Denied.class);
    engine.answering = "";
    int before = engine.asked;
    for (int i = 0; i < 2; i++) {
      assertThat(((Permit) authorizer.replay(Questions.granted(), ANY)).reused()).isFalse();
    }
    assertThat(engine.asked).isEqualTo(before + 2);
    assertThat(authorizer.replay(Questions.inbound(CLI, "process_event"), INGESTER_ONLY))
        .isInstanceOfSatisfying(
            Denied.class, denied -> assertThat(denied.policyId()).isEqualTo("requires_peer"));
  }

  @Test
  void closing_closesTheEngine() {
    authorizer.close();

    assertThat(engine.closed).isTrue();
  }
}
