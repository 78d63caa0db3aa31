package io.agentweave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.call.Violation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExitCodeTest {
  @Test
  void refusalByIdentityOrPolicy_isThree() {
    assertThat(ExitCode.of(new Refusal.Denied("d", "no_grant", ""))).isEqualTo(ExitCode.REFUSED);
    assertThat(ExitCode.of(new Refusal.Unauthenticated("expired", ""))).isEqualTo(ExitCode.REFUSED);
    assertThat(ExitCode.of(new Refusal.Unreachable(""))).isEqualTo(ExitCode.REFUSED);
    assertThat(ExitCode.of(new Refusal.Overloaded("agent", Duration.ZERO, "")))
        .isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void refusalByTheAgentItself_isOne() {
    assertThat(ExitCode.of(new Refusal.Invalid(List.of(new Violation("a", "b", "c")))))
        .isEqualTo(ExitCode.FAILED);
    assertThat(ExitCode.of(new Refusal.Broken(""))).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void refusalOfThePeer_countsLikeOnesOwn() {
    assertThat(ExitCode.of(byPeer(RefusalKind.DENIED))).isEqualTo(ExitCode.REFUSED);
    assertThat(ExitCode.of(byPeer(RefusalKind.INVALID))).isEqualTo(ExitCode.FAILED);
  }

  private static Refusal byPeer(RefusalKind kind) {
    return new Refusal.RefusedByPeer(kind, "reason", "decision", null, "");
  }
}
