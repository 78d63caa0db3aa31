package io.agentweave.authz;

/** The three answers to a policy question. Two of them refuse, and are counted apart. */
public sealed interface Decision permits Permit, Denied, Unavailable {

  /** Made for each decision, reuse included; leads to its audit record. */
  String id();

  /** The policy revision that answered; empty when nobody answered or the engine does not say. */
  String revision();

  /** One snake-case word that says why; {@code granted} where policy permitted. */
  String reason();

  /** The rule or grant that decided; empty when none did. */
  String policyId();

  /** Whether this is an earlier answer used again. */
  default boolean reused() {
    return false;
  }

  /** Whether policy refused, and log-only mode went on all the same. */
  default boolean shadow() {
    return false;
  }

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
