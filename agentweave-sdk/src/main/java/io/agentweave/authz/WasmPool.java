package io.agentweave.authz;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands each module instance to one thread at a time. The one that was used last comes first, so
 * that a quiet agent keeps one warm.
 */
final class WasmPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WasmPool.class);

  private final Supplier<RulesInstance> maker;
  private final Semaphore stillToMake;
  private final LinkedBlockingDeque<RulesInstance> idle = new LinkedBlockingDeque<>();
  private final ExecutorService making =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("authz-wasm-compiler").factory());

  /** Has one instance at once; makes others in the background, up to {@code size}, when needed. */
  WasmPool(int size, Supplier<RulesInstance> maker) {
    this.maker = maker;
    stillToMake = new Semaphore(size - 1);
    idle.add(maker.get());
  }

  /** Empty when none came free in time, or the thread was interrupted. */
  Optional<RulesInstance> borrow(Duration atMost) {
    if (Thread.currentThread().isInterrupted()) {
      return Optional.empty();
    }
    RulesInstance free = idle.pollFirst();
    if (free != null) {
      return Optional.of(free);
    }
    if (stillToMake.tryAcquire()) {
      makeOne();
    }
    try {
      return Optional.ofNullable(idle.pollFirst(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  void giveBack(RulesInstance instance) {
    idle.addFirst(instance);
  }

  /** Replaces an instance that tripped and whose memory may be anything now. */
  void discardOne() {
    makeOne();
  }

  private void makeOne() {
    try {
      making.execute(this::addNew);
    } catch (RejectedExecutionException e) {
      LOG.debug("no new policy instance: the pool is closed");
    }
  }

  private void addNew() {
    try {
      idle.addLast(maker.get());
    } catch (RuntimeException e) {
      LOG.error("a policy instance could not be made again", e);
    }
  }

  @Override
  public void close() {
    making.shutdownNow();
  }
}
