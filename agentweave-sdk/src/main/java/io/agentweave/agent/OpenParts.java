package io.agentweave.agent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an agent has opened so far, to be closed in the opposite order. */
final class OpenParts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);

  private record Part(String name, AutoCloseable handle) {}

  private final Deque<Part> parts = new ArrayDeque<>();

  /** Has to be closed after everything that follows. */
  <T extends AutoCloseable> T add(String name, T part) {
    parts.push(new Part(name, part));
    return part;
  }

  /** Closes all, whatever the closing of one says. */
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.handle().close();
      } catch (Exception e) {
        LOG.error("{} could not be closed", part.name(), e);
      }
    }
  }
}
