package io.agentweave.agent;

import io.agentweave.deadletter.DeadLetterQueue;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * One attempt to process a dead letter again. Dead letters that its handler makes are failures of
 * this letter, not new ones.
 */
final class Replay {
  private static final ScopedValue<Replay> UNDER_WAY = ScopedValue.newInstance();

  private final String id;
  private final DeadLetterQueue queue;
  private final AtomicBoolean counted = new AtomicBoolean();

  Replay(String id, DeadLetterQueue queue) {
    this.id = id;
    this.queue = queue;
  }

  <T> T during(Supplier<T> work) {
    return ScopedValue.where(UNDER_WAY, this).call(work::get);
  }

  /** Counts this attempt as failed, durably; only the first failure of an attempt counts. */
  void failed(String reason, String detail) {
    if (counted.compareAndSet(false, true)) {
      queue.failedAgain(id, reason, detail);
    }
  }

  /** The replay that this thread works for, if it works for one. */
  static Optional<Replay> underWay() {
    return UNDER_WAY.isBound() ? Optional.of(UNDER_WAY.get()) : Optional.empty();
  }
}
