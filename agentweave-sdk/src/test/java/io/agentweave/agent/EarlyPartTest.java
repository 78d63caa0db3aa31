package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EarlyPartTest {
  private final AtomicInteger closed = new AtomicInteger();

  @Test
  void opensBeforeItIsTaken_andIsClosedOnce() throws Exception {
    CountDownLatch opened = new CountDownLatch(1);
    AutoCloseable part = closed::incrementAndGet;
    EarlyPart<AutoCloseable> early =
        EarlyPart.opening(
            "test",
            () -> {
              opened.countDown();
              return part;
            });
    opened.await();
    assertThat(early.take()).isSameAs(part);
    early.end();
    assertThat(closed).hasValue(1);
  }

  @Test
  void whatOpenedWithoutBeingTaken_isClosed() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    EarlyPart<AutoCloseable> early =
        EarlyPart.opening(
            "test",
            () -> {
              try {
                interrupted.await();
              } catch (InterruptedException e) {
                // It was about to be done in any case.
              }
              return closed::incrementAndGet;
            });
    early.end();
    assertThat(closed).hasValue(1);
  }

  @Test
  void anOpeningThatGoesOn_isInterrupted() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    EarlyPart<AutoCloseable> early =
        EarlyPart.opening(
            "test",
            () -> {
              never.await();
              return closed::incrementAndGet;
            });
    early.end();
    assertThat(closed).hasValue(0);
    assertThatThrownBy(early::take).isInstanceOf(InterruptedException.class);
  }

  @Test
  void whatOpeningThrows_isThrownAsItIs() throws Exception {
    EarlyPart<AutoCloseable> early =
        EarlyPart.opening(
            "test",
            () -> {
              throw new IOException("no such part");
            });
    assertThatThrownBy(early::take).isInstanceOf(IOException.class).hasMessage("no such part");
    early.end();
  }
}
