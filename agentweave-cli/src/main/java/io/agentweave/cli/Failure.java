package io.agentweave.cli;

import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.call.VisibleText;

/** Ends a command with an exit code and one line that says why; carries no bug. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  Failure(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  Failure(ExitCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The end of a call that was refused. */
  static Failure of(Refusal refusal) {
    return new Failure(ExitCode.of(refusal), describe(refusal));
  }

  ExitCode code() {
    return code;
  }

  private static String describe(Refusal refusal) {
    return switch (refusal) {
      case Refusal.RefusedByPeer(
              var kind,
              var reason,
              var decisionId,
              var retryAfter,
              var detail) ->
          "refused by the agent: "
              + VisibleText.of(kind == null ? reason : kind.word() + " (" + reason + ")")
              + (decisionId == null ? "" : ", decision " + VisibleText.of(decisionId))
              + (retryAfter == null ? "" : ", try again in " + retryAfter.toMillis() + " ms")
              + (kind == RefusalKind.DENIED || detail.isEmpty()
                  ? ""
                  : ": " + VisibleText.of(detail));
      case Refusal.Denied(var decisionId, var reason, var detail) ->
          "refused before it was sent: denied (" + reason + "), decision " + decisionId;
      default -> refusal.kind().word() + ": " + refusal.detail();
    };
  }
}
