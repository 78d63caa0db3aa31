package io.agentweave.agent;

import io.agentweave.deadletter.DeadLetter;
import io.agentweave.deadletter.DeadLetterQueue;
import java.util.List;
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

  /** The queue as handlers see it. */
  static DeadLetterQueue aware(DeadLetterQueue queue) {
    return new AwareQueue(queue);
  }

  private record AwareQueue(DeadLetterQueue queue) implements DeadLetterQueue {
    @Override
    public void addAll(List<DeadLetter> letters) {
      if (UNDER_WAY.isBound() && !letters.isEmpty()) {
        UNDER_WAY.get().failed(letters.getFirst().reason(), letters.getFirst().detail());
      } else {
        queue.addAll(letters);
      }
    }

    @Override
    public List<DeadLetter> list(Optional<DeadLetter.Status> status, int limit) {
      return queue.list(status, limit);
    }

    @Override
    public Optional<DeadLetter> find(String id) {
      return queue.find(id);
    }

    @Override
    public boolean settle(String id, DeadLetter.Status status) {
      return queue.settle(id, status);
    }

    @Override
    public void failedAgain(String id, String reason, String detail) {
      queue.failedAgain(id, reason, detail);
    }

    @Override
    public long open() {
      return queue.open();
    }

    @Override
    public void close() {
      queue.close();
    }
  }
}
