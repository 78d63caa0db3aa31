package io.agentweave.bench.call;

/** One way to make the same call. */
public enum Variant {
  RAW_PLAINTEXT("raw-plaintext", "gRPC Java, plaintext, virtual threads"),
  RAW_VIRTUAL("raw-virtual-threads", "gRPC Java, mutual TLS, virtual threads"),
  RAW_DEFAULT("raw-default", "gRPC Java, mutual TLS, default executor"),
  RAW_DIRECT("raw-direct", "gRPC Java, mutual TLS, direct executor"),
  EMBEDDED("agentweave", "AgentWeave, policy embedded"),
  OPA_HTTP("agentweave-opa-http", "AgentWeave, OPA over HTTP"),
  OPA_UNIX("agentweave-opa-unix", "AgentWeave, OPA over a Unix socket"),
  OPA_REUSED("agentweave-opa-unix-reused", "AgentWeave, OPA over a Unix socket, permits reused"),
  EVERY_SPAN("agentweave-every-span", "AgentWeave, policy embedded, every trace exported");

  private final String word;
  private final String title;

  Variant(String word, String title) {
    this.word = word;
    this.title = title;
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
  public boolean raw() {
    return switch (this) {
      case RAW_PLAINTEXT, RAW_VIRTUAL, RAW_DEFAULT, RAW_DIRECT -> true;
      case EMBEDDED, OPA_HTTP, OPA_UNIX, OPA_REUSED, EVERY_SPAN -> false;
    };
  }

  /** Whether a policy engine runs beside it as a process of its own. */
  public boolean asksOpa() {
    return switch (this) {
      case OPA_HTTP, OPA_UNIX, OPA_REUSED -> true;
      case RAW_PLAINTEXT, RAW_VIRTUAL, RAW_DEFAULT, RAW_DIRECT, EMBEDDED, EVERY_SPAN -> false;
    };
  }

  /**
   * @throws IllegalArgumentException that names all of them
   */
  public static Variant of(String word) {
    for (Variant variant : values()) {
      if (variant.word.equals(word)) {
        return variant;
      }
    }
    throw new IllegalArgumentException(
        "unknown variant; there are " + java.util.Arrays.toString(values()));
  }
}
