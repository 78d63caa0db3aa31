package io.agentweave.agent;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A part of an agent that opens while others do. It is ended even if it is never taken. */
final class EarlyPart<T extends AutoCloseable> {
  private final FutureTask<T> opening;
  private final Thread thread;

  private EarlyPart(String name, Callable<T> open) {
    opening = new FutureTask<>(open);
    thread = Thread.ofPlatform().daemon().name("agentweave-start-" + name).start(opening);
  }

  static <T extends AutoCloseable> EarlyPart<T> opening(String name, Callable<T> open) {
    return new EarlyPart<>(name, open);
  }

  /** Waits for it. Throws what its opening threw. */
  T take() throws Exception {
    try {
      return opening.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Exception cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  /** Interrupts an opening that still goes on, and closes what came of it. */
  void end() throws Exception {
    if (!opening.isDone()) {
      thread.interrupt();
      thread.join();
    }
    if (opening.state() == FutureTask.State.SUCCESS) {
      opening.resultNow().close();
    }
  }
}
