package io.agentweave.authz;

/** The three answers to a policy question. Two of them refuse, and are counted apart. */
public sealed interface Decision permits Permit, Denied, Unavailable {

  /** Made for each decision, reuse included; leads to its audit record. */
  String id();

  /** The policy revision that answered; empty when nobody answered or the engine does not say. */
  String revision();

  /**
   * {@code permit}, {@code denied} or {@code unavailable}, for metrics and audit. A shadow permit
   * says what policy said, not what was done.
   */
  default String word() {
    return switch (this) {
      case Permit p -> p.overruled().map(Decision::word).orElse("permit");
      case Denied d -> "denied";
      case Unavailable u -> "unavailable";
    };
  }
}
