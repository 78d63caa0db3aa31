package io.agentweave.bench.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LoadTest {
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void openLoop_countsEachCallItMakes() throws Exception {
    ClosedLoop.Result result =
        OpenLoop.run(new Counting(0), 1_000, TimeUnit.MILLISECONDS.toNanos(50));
    assertThat(calls).hasValue(50);
    assertThat(result.nanos().getTotalCount()).isEqualTo(50);
    assertThat(result.failed()).isZero();
  }

  @Test
  void openLoop_countsFailuresApart() throws Exception {
    ClosedLoop.Result result =
        OpenLoop.run(new Counting(10), 1_000, TimeUnit.MILLISECONDS.toNanos(50));
    assertThat(result.nanos().getTotalCount()).isEqualTo(45);
    assertThat(result.failed()).isEqualTo(5);
    assertThat(result.firstFailure()).contains("the tenth");
  }

  @Test
  void closedLoop_countsEachCallItMakes() throws Exception {
    ClosedLoop.Result result =
        ClosedLoop.run(new Counting(0), 4, TimeUnit.MILLISECONDS.toNanos(200));
    assertThat(result.nanos().getTotalCount()).isEqualTo(calls.get()).isPositive();
  }

  /** Fails each time a number of calls is full; 0 is never. */
  private final class Counting implements Caller {
    private final int failEvery;

    private Counting(int failEvery) {
      this.failEvery = failEvery;
    }

    @Override
    public void call() {
      int made = calls.incrementAndGet();
      if (failEvery > 0 && made % failEvery == 0) {
        throw new IllegalStateException("the tenth");
      }
    }

    @Override
    public void close() {}
  }
}
