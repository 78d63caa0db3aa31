package io.agentweave.local.testkit;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A right, as {@code grants.json} has it, without limits.
 *
 * @param caller a SPIFFE ID or a pattern of some
 * @param callee a SPIFFE ID or a pattern of some
 * @param capabilities by name
 */
public record Grant(String caller, String callee, List<String> capabilities) {

  public Grant {
    capabilities = List.copyOf(capabilities);
  }

  public static Grant of(String caller, String callee, String... capabilities) {
    return new Grant(caller, callee, List.of(capabilities));
  }

  /** Stable, so that a test can name it. */
  String id() {
    return String.format(Locale.ROOT, "test-%08x", Objects.hash(caller, callee, capabilities));
  }
}
