package io.agentweave.call;

/**
 * How a call ended. There is no third way: a chain that throws has a bug, and the outermost stage
 * turns that into {@link Refusal.Broken}.
 *
 * @param <R> what an answered call carries back
 */
public sealed interface CallOutcome<R> {

  /**
   * The handler ran and said something.
   *
   * @param reply what goes back to the caller
   * @param completed false when the agent itself reports a failed task
   */
  record Answered<R>(R reply, boolean completed) implements CallOutcome<R> {}

  /** The chain stopped the call, or the handler could not be run to its end. */
  record Refused<R>(Refusal refusal) implements CallOutcome<R> {}

  static <R> CallOutcome<R> completed(R reply) {
    return new Answered<>(reply, true);
  }

  static <R> CallOutcome<R> refused(Refusal refusal) {
    return new Refused<>(refusal);
  }

  /** One word for metrics and audit: {@code completed}, {@code failed}, or the refusal's kind. */
  default String word() {
    return switch (this) {
      case Answered<R>(var reply, var completed) -> completed ? "completed" : "failed";
      case Refused<R>(var refusal) -> refusal.kind().word();
    };
  }
}
