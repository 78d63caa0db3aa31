package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.call.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkGuardTest {
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final WorkGuard guard = new WorkGuard(timer);

  WorkGuardTest() {
    timer.setRemoveOnCancelPolicy(true);
  }

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  @Test
  void workThatIsEndedBeforeItBegins_doesNotRun() {
    guard.stop(WorkGuard.Cause.CALLER_GONE);
    AtomicBoolean ran = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                guard.run(
                    () -> {
                      ran.set(true);
                      return 1;
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(ran).isFalse();
  }

  @Test
  void threadLeavesItsWorkUninterrupted_soThatAuditAndAnswerAreNotHarmed() throws Exception {
    int result =
        guard.run(
            () -> {
              guard.stop(WorkGuard.Cause.DEADLINE);
              return 7;
            });
    assertThat(result).isEqualTo(7);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    guard.stop(WorkGuard.Cause.TASK_CANCELLED);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(guard.stopped()).isEqualTo(WorkGuard.Cause.DEADLINE);
  }

  @Test
  void newDeadline_replacesTheOldOne() {
    AtomicBoolean second = new AtomicBoolean();
    guard.setDeadline(Deadline.in(Duration.ofHours(1)), () -> {});
    guard.outliveCaller(Deadline.in(Duration.ofMillis(50)), () -> second.set(true));
    guard.stop(WorkGuard.Cause.CALLER_GONE);

    await().untilTrue(second);
    assertThat(timer.getQueue()).as("the first one waits for its time no more").isEmpty();
    assertThat(guard.stopped()).isNull();
  }

  @Test
  void deadline_interruptsTheWorkThatRuns() {
    guard.setDeadline(
        Deadline.in(Duration.ofMillis(50)), () -> guard.stop(WorkGuard.Cause.DEADLINE));
    assertThatThrownBy(
            () ->
                guard.run(
                    () -> {
                      new CountDownLatch(1).await();
                      return 1;
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(guard.stopped()).isEqualTo(WorkGuard.Cause.DEADLINE);
  }
}
