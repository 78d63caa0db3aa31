package io.agentweave.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class AlarmsTest {
  @Test
  void alarmThatIsNotNeededAnyMore_isForgottenAtOnce() {
    try (ScheduledExecutorService alarms = Alarms.start("alarms-of-a-test")) {
      for (int i = 0; i < 100; i++) {
        ScheduledFuture<?> alarm = alarms.schedule(() -> {}, 1, TimeUnit.HOURS);
        assertThat(alarm.cancel(false)).isTrue();
      }
      assertThat(((ScheduledThreadPoolExecutor) alarms).getQueue()).isEmpty();
    }
  }

  @Test
  void alarm_runsOnADaemonOfItsName() throws Exception {
    try (ScheduledExecutorService alarms = Alarms.start("alarms-of-a-test")) {
      Thread thread = alarms.schedule(Thread::currentThread, 1, TimeUnit.MILLISECONDS).get();
      assertThat(thread.getName()).isEqualTo("alarms-of-a-test");
      assertThat(thread.isDaemon()).isTrue();
    }
  }

  @Test
  void alarmThatIsSetAfterTheEnd_neverRunsAndBreaksNothing() {
    ScheduledExecutorService alarms = Alarms.start("alarms-of-a-test");
    alarms.shutdownNow();
    AtomicBoolean ran = new AtomicBoolean();
    ScheduledFuture<?> late = alarms.schedule(() -> ran.set(true), 0, TimeUnit.NANOSECONDS);
    assertThat(late.isDone()).isFalse();
    assertThat(ran).isFalse();
  }
}
