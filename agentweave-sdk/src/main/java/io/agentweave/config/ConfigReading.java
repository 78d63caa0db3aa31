package io.agentweave.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of reading a configuration file.
 *
 * @param <T> the service's own sections
 */
public sealed interface ConfigReading<T extends Record> {

  /** Everything is in order. */
  record Loaded<T extends Record>(AgentConfig agent, T service) implements ConfigReading<T> {}

  /** Something is wrong; these are all the things that are. Never empty, in the file's order. */
  record Invalid<T extends Record>(List<ConfigViolation> violations) implements ConfigReading<T> {
    public Invalid {
      violations = List.copyOf(violations);
      if (violations.isEmpty()) {
        throw new IllegalArgumentException("an invalid configuration names its violations");
      }
    }

    /** One line for each violation. */
    public String report() {
      return violations.stream()
          .map(ConfigViolation::toString)
          .collect(Collectors.joining(System.lineSeparator()));
    }
  }
}
