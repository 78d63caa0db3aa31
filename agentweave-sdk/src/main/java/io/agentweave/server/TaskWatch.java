package io.agentweave.server;

import io.agentweave.a2a.v1.StreamResponse;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The events of a task on their way to one who watches it. A watcher that falls too far behind is
 * left behind: the task does not wait for it.
 */
final class TaskWatch {
  private static final int MAX_BEHIND = 256;

  private final BlockingQueue<Optional<StreamResponse>> events = new LinkedBlockingQueue<>();
  private volatile boolean leftBehind;

  /** False when the watcher is too far behind, and from then on. */
  boolean offer(StreamResponse event) {
    if (leftBehind) {
      return false;
    }
    if (events.size() >= MAX_BEHIND) {
      leftBehind = true;
      end();
      return false;
    }
    events.add(Optional.of(event));
    return true;
  }

  void end() {
    events.add(Optional.empty());
  }

  /** Waits for the next event; empty at the end. */
  Optional<StreamResponse> next() throws InterruptedException {
    return events.take();
  }

  boolean leftBehind() {
    return leftBehind;
  }
}
