package io.agentweave.agent;

import java.util.List;

/** An agent cannot start. The message is for operators: what is wrong, and what to do about it. */
public final class AgentStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> reasons;
  private final boolean configuration;

  private AgentStartException(List<String> reasons, boolean configuration) {
    super(String.join("\n", reasons));
    this.reasons = List.copyOf(reasons);
    this.configuration = configuration;
  }

  public AgentStartException(String reason) {
    this(List.of(reason), false);
  }

  public AgentStartException(String reason, Throwable cause) {
    this(List.of(reason), false);
    initCause(cause);
  }

  static AgentStartException badConfiguration(List<String> reasons) {
    return new AgentStartException(reasons, true);
  }

  /** Whether configuration and code disagree, rather than something is missing at run time. */
  public boolean configuration() {
    return configuration;
  }

  /** One line for each thing that is wrong. */
  public List<String> reasons() {
    return reasons;
  }
}
