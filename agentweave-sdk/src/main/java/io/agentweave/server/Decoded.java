package io.agentweave.server;

import io.agentweave.call.Violation;
import java.util.List;

/** What became of a payload: something that can run, or the rules that it breaks. */
public sealed interface Decoded {

  /** The parameters are bound and valid. */
  record Ready(Invocation invocation) implements Decoded {}

  /** Never empty. The caller reads the fields and rules. */
  record Invalid(List<Violation> violations) implements Decoded {
    public Invalid {
      violations = List.copyOf(violations);
      if (violations.isEmpty()) {
        throw new IllegalArgumentException("an invalid payload breaks at least one rule");
      }
    }
  }
}
