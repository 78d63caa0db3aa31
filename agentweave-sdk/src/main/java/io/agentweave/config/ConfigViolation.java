package io.agentweave.config;

/**
 * One thing that is wrong with a configuration. Never holds a value, which may be a secret.
 *
 * @param source the file's name, or the environment variable that overrides it
 * @param line where in the file, from 1; 0 when it is not about a line
 * @param key the path of the key, such as {@code server.port}; empty for the whole file
 * @param message what is asked for, and what was found instead
 */
public record ConfigViolation(String source, int line, String key, String message) {

  /** {@code ingester.yaml:12: server.port: must be an integer, found text of 4 characters}. */
  @Override
  public String toString() {
    return source
        + (line > 0 ? ":" + line : "")
        + ": "
        + (key.isEmpty() ? "" : key + ": ")
        + message;
  }
}
