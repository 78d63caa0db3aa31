package io.agentweave.bench.call;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Calls that got no answer: counted, never measured. */
final class Failures {
  private final AtomicLong count = new AtomicLong();
  private final AtomicReference<@Nullable String> first = new AtomicReference<>();

  /** Makes one call, and says whether it was answered. */
  boolean watch(Caller caller) {
    try {
      caller.call();
      return true;
    } catch (RuntimeException e) {
      count.incrementAndGet();
      first.compareAndSet(null, String.valueOf(e.getMessage()));
      return false;
    }
  }

  long count() {
    return count.get();
  }

  @Nullable String first() {
    return first.get();
  }
}
