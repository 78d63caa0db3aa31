package io.agentweave.agent;

import java.util.List;

/** An agent cannot start. The message is for operators: what is wrong, and what to do about it. */
public final class AgentStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> reasons;

  public AgentStartException(List<String> reasons) {
    super(String.join("\n", reasons));
    this.reasons = List.copyOf(reasons);
  }

  public AgentStartException(String reason) {
    this(List.of(reason));
  }

  public AgentStartException(String reason, Throwable cause) {
    this(List.of(reason));
    initCause(cause);
  }

  /** One line for each thing that is wrong. */
  public List<String> reasons() {
    return reasons;
  }
}
