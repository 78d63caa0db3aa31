package io.agentweave.telemetry;

import java.util.List;

/**
 * Whether an agent can take calls, and why not.
 *
 * @param checks each thing that it needs
 */
public record Readiness(List<Check> checks) {

  public Readiness {
    checks = List.copyOf(checks);
  }

  /**
   * One thing that an agent needs.
   *
   * @param name such as {@code identity} or {@code audit}
   * @param ready whether it is there
   * @param detail for operators; no secret, because the port asks nobody who he is
   */
  public record Check(String name, boolean ready, String detail) {}

  /** True when every check is. */
  public boolean ready() {
    return checks.stream().allMatch(Check::ready);
  }
}
