package io.agentweave.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects violations and knows where each key came from. For one reading, on one thread. */
final class Problems {
  private final String file;
  private final Map<String, Integer> lines = new HashMap<>();
  private final Map<String, String> variables = new HashMap<>();
  private final List<ConfigViolation> found = new ArrayList<>();

  Problems(Path file) {
    this.file = file.toString();
  }

  /** Remembers that {@code key} stands in {@code line}. */
  void located(String key, int line) {
    lines.put(key, line);
  }

  /** Remembers that {@code key} was taken from an environment variable. */
  void overridden(String key, String variable) {
    variables.put(key, variable);
  }

  /** A violation of {@code key}, at its variable, its line, or the line of what should hold it. */
  void add(String key, String message) {
    String variable = nearest(key, variables);
    if (variable != null) {
      found.add(new ConfigViolation(variable, 0, key, message));
    } else {
      Integer line = nearest(key, lines);
      found.add(new ConfigViolation(file, line == null ? 0 : line, key, message));
    }
  }

  void addAtLine(int line, String key, String message) {
    found.add(new ConfigViolation(file, line, key, message));
  }

  void addVariable(String variable, String message) {
    found.add(new ConfigViolation(variable, 0, "", message));
  }

  /** In the order of the file, variables last. */
  List<ConfigViolation> found() {
    List<ConfigViolation> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.comparing((ConfigViolation v) -> !v.source().equals(file))
            .thenComparingInt(ConfigViolation::line));
    return sorted;
  }

  private static <V> @Nullable V nearest(String key, Map<String, V> places) {
    String at = key;
    while (true) {
      V place = places.get(at);
      if (place != null) {
        return place;
      }
      int end = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
      if (end < 0) {
        return null;
      }
      at = at.substring(0, end);
    }
  }
}
