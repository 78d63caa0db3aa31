package io.agentweave.server;

import io.agentweave.a2a.Part;
import java.util.List;

/**
 * What a running task shows of itself: kept with the task, and sent to whoever streams it. Safe for
 * use by many threads; after the task's end, updates are ignored. Blocks while the caller reads
 * more slowly than the task writes.
 *
 * <p>A caller that leaves its stream does not end the task, which it may follow again: the handler
 * goes on until it is done, cancelled, or {@code server.request_timeout_seconds} are over.
 */
public interface TaskUpdates {

  /** Says how it goes, or with no parts only that it goes on. Replaces the message before it. */
  void status(List<Part> message);

  /**
   * Adds to a result.
   *
   * @param name the artifact's name, not empty; the same name again is the same artifact
   * @param parts one or more: A2A knows no artifact without
   * @param append whether the parts follow those sent before, rather than replace them
   * @param last whether the artifact is now whole
   * @throws IllegalArgumentException when the name or the parts are missing
   */
  void artifact(String name, List<Part> parts, boolean append, boolean last);
}
