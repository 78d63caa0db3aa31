package io.agentweave.authz;

import static io.agentweave.authz.Questions.CLI;
import static io.agentweave.authz.Questions.INGESTER;
import static io.agentweave.authz.Questions.PROCESSOR;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.identity.ProvenPeers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What log-only mode lets go on, and what not even it does. */
class LogOnlyAuthorizerTest {
  private static final PolicyInput STAGING = Questions.in(Questions.granted(), "staging");

  private static Authorizer authorizer(Enforcement enforcement, Decision answer) {
    PolicyEngine engine =
        new PolicyEngine() {
          @Override
          public Decision decide(PolicyInput input) {
            return answer;
          }

          @Override
          public String revision() {
            return "r1";
          }

          @Override
          public void close() {}
        };
    return Authorization.authorizer(engine, enforcement);
  }

  private static Decision inbound(Authorizer authorizer, PolicyInput input) {
    return authorizer.inbound(
        input,
        ProvenPeers.peer(input.caller().toString(), "0a"),
        new PeerRequirement(List.of(PeerPattern.parse(INGESTER))));
  }

  @ParameterizedTest
  @EnumSource(Enforcement.class)
  void inProduction_noRefusalIsOverruled(Enforcement enforcement) {
    Denied denied = new Denied("d1", "r1", "p", "no_grant");
    Unavailable silent = new Unavailable("d2", "timeout", "");

    assertThat(inbound(authorizer(enforcement, denied), Questions.granted())).isSameAs(denied);
    assertThat(inbound(authorizer(enforcement, silent), Questions.granted())).isSameAs(silent);
    assertThat(
            authorizer(enforcement, denied)
                .outbound(Questions.outbound(INGESTER, PROCESSOR, "process_event")))
        .isSameAs(denied);
  }

  @Test
  void whereDenyIsEnforced_noRefusalIsOverruledAnywhere() {
    Denied denied = new Denied("d1", "r1", "p", "no_grant");

    assertThat(inbound(authorizer(Enforcement.DENY, denied), STAGING)).isSameAs(denied);
  }

  @Test
  void aPeerRequirement_isNotOverruled() {
    Authorizer logOnly =
        authorizer(Enforcement.LOG_ONLY, new Permit("d1", "r1", "g", null, Duration.ZERO));
    PolicyInput fromTheCli = Questions.in(Questions.inbound(CLI, "process_event"), "staging");

    assertThat(inbound(logOnly, fromTheCli)).isInstanceOf(Denied.class);
    assertThat(
            logOnly.replay(fromTheCli, new PeerRequirement(List.of(PeerPattern.parse(INGESTER)))))
        .isInstanceOf(Denied.class);
  }

  @Test
  void aRefusal_goesOnUnderAPermitThatSaysWhatPolicySaid() {
    for (Decision refusal :
        List.of(
            new Denied("d1", "r1", "p", "no_grant"), new Unavailable("d2", "timeout", "silent"))) {
      Authorizer logOnly = authorizer(Enforcement.LOG_ONLY, refusal);

      for (Decision decision :
          List.of(
              inbound(logOnly, STAGING),
              logOnly.replay(STAGING, PeerRequirement.anyProvenPeer()),
              logOnly.outbound(
                  Questions.in(
                      Questions.outbound(INGESTER, PROCESSOR, "process_event"), "staging")))) {
        assertThat(decision)
            .isInstanceOfSatisfying(
                Permit.class,
                permit -> {
                  assertThat(permit.shadow()).isTrue();
                  assertThat(permit.overruled()).containsSame(refusal);
                  assertThat(permit.id()).isEqualTo(refusal.id());
                  assertThat(permit.word()).isEqualTo(refusal.word());
                  assertThat(permit.reusableFor()).isZero();
                });
      }
    }
  }

  @Test
  void aPermit_staysAsItIs() {
    Permit permit = new Permit("d1", "r1", "g", null, Duration.ZERO);

    assertThat(inbound(authorizer(Enforcement.LOG_ONLY, permit), STAGING)).isSameAs(permit);
    assertThat(permit.shadow()).isFalse();
    assertThat(permit.word()).isEqualTo("permit");
  }
}
