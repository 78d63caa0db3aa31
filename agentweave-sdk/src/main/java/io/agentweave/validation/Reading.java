package io.agentweave.validation;

import io.agentweave.call.Violation;
import java.util.List;

/** What came of reading a value of type {@code T}. */
public sealed interface Reading<T> {

  /** It fits. */
  record Read<T>(T value) implements Reading<T> {}

  /** It doesn't; these are all the reasons. Never empty. */
  record Unfit<T>(List<Violation> violations) implements Reading<T> {
    public Unfit {
      violations = List.copyOf(violations);
    }
  }
}
