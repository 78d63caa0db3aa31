package io.agentweave.a2a;

import io.agentweave.call.Violation;
import java.util.List;

/**
 * What came of reading something off the wire.
 *
 * @param <T> what it was meant to be
 */
public sealed interface Reading<T> {

  /** It is what it was meant to be. */
  record Read<T>(T value) implements Reading<T> {}

  /** It breaks these rules. Never empty. */
  record Unreadable<T>(List<Violation> violations) implements Reading<T> {
    public Unreadable {
      violations = List.copyOf(violations);
    }

    public Unreadable(Violation violation) {
      this(List.of(violation));
    }
  }
}
