package io.agentweave.bench.call;

import java.util.Arrays;
import java.util.List;

/** One way to make the same call. */
public enum Variant {
  RAW_PLAINTEXT(Kind.RAW, "raw-plaintext", "gRPC Java, plaintext, virtual threads"),
  RAW_VIRTUAL(Kind.RAW, "raw-virtual-threads", "gRPC Java, mutual TLS, virtual threads"),
  RAW_DEFAULT(Kind.RAW, "raw-default", "gRPC Java, mutual TLS, default executor"),
  RAW_DIRECT(Kind.RAW, "raw-direct", "gRPC Java, mutual TLS, direct executor"),
  RAW_A2A(Kind.RAW, "raw-a2a", "gRPC Java, mutual TLS, virtual threads, A2A's messages"),
  EMBEDDED(Kind.SECURED, "agentweave", "AgentWeave, policy embedded"),
  EVERY_SPAN(
      Kind.SECURED, "agentweave-every-span", "AgentWeave, policy embedded, every trace exported"),
  BESIDE_OPA(
      Kind.SECURED,
      "agentweave-beside-opa",
      "AgentWeave, policy embedded, in the processes of the variants with OPA"),
  OPA_HTTP(Kind.WITH_OPA, "agentweave-opa-http", "AgentWeave, OPA over HTTP"),
  OPA_UNIX(Kind.WITH_OPA, "agentweave-opa-unix", "AgentWeave, OPA over a Unix socket"),
  OPA_REUSED(
      Kind.WITH_OPA,
      "agentweave-opa-unix-reused",
      "AgentWeave, OPA over a Unix socket, permits reused"),
  OPA_CONSTANT(
      Kind.WITH_OPA,
      "agentweave-opa-unix-constant",
      "AgentWeave, OPA over a Unix socket, a policy that is one constant"),
  RUNG_CHAIN(
      Kind.RUNG, "rung-1-chain", "A2A, identity checked, both chains; nothing decided or kept"),
  RUNG_BINDING(Kind.RUNG, "rung-2-binding", "+ payload bound and validated"),
  RUNG_POLICY(Kind.RUNG, "rung-3-policy", "+ two policy decisions, embedded"),
  RUNG_AUDIT(Kind.RUNG, "rung-4-audit", "+ four audit records, hash-chained"),
  RUNG_METRICS(Kind.RUNG, "rung-5-metrics", "+ metrics and span contexts");

  /** What a variant is for. */
  enum Kind {
    /** gRPC Java alone. */
    RAW,
    /** Two agents from their configuration files. */
    SECURED,
    /** The same, and OPA runs beside them. */
    WITH_OPA,
    /** Some of an agent's parts, put together by the measurement. */
    RUNG
  }

  private final Kind kind;
  private final String word;
  private final String title;

  Variant(Kind kind, String word, String title) {
    this.kind = kind;
    this.word = word;
    this.title = title;
  }

  Kind kind() {
    return kind;
  }

  /** The name in results and on the command line. */
  public String word() {
    return word;
  }

  /** The name for people. */
  public String title() {
    return title;
  }

  /** Whether it is raw gRPC, without anything of this project. */
  boolean raw() {
    return kind == Kind.RAW;
  }

  /** Whether a policy engine runs beside it as a process of its own. */
  boolean asksOpa() {
    return kind == Kind.WITH_OPA;
  }

  /** Whether this rung of the ladder has what {@code other} was the first to have. */
  boolean reaches(Variant other) {
    return kind == Kind.RUNG && ladder().indexOf(this) >= ladder().indexOf(other);
  }

  /** From nothing to everything. */
  static List<Variant> ladder() {
    return List.of(
        RAW_VIRTUAL, RUNG_CHAIN, RUNG_BINDING, RUNG_POLICY, RUNG_AUDIT, RUNG_METRICS, EMBEDDED);
  }

  /**
   * @throws IllegalArgumentException that names all of them
   */
  static Variant of(String word) {
    for (Variant variant : values()) {
      if (variant.word.equals(word)) {
        return variant;
      }
    }
    throw new IllegalArgumentException(
        "no variant "
            + word
            + "; there are "
            + Arrays.stream(values()).map(Variant::word).toList());
  }
}
