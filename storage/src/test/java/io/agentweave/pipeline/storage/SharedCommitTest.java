package io.agentweave.pipeline.storage;

import static io.agentweave.pipeline.storage.EventStoreTest.withUser;
import static io.agentweave.pipeline.storage.StorageBench.count;
import static io.agentweave.pipeline.storage.StorageBench.event;
import static io.agentweave.pipeline.storage.StorageBench.provenance;
import static io.agentweave.pipeline.storage.StorageBench.statuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.call.TraceContext;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.pipeline.database.Database;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Calls of one event each that come while a transaction is under way share the next one. */
final class SharedCommitTest {
  private static final int CALLS = 20;

  private final Database database = StorageBench.empty();
  private final EventStore store = new EventStore(database);

  /** A call, and what is known of its thread afterwards. */
  private record Caller(
      Thread thread, FutureTask<List<EventAnswer>> answer, boolean[] interrupted) {}

  @Test
  void callsAtTheSameTime_areOneTransaction_eachWithItsOwnOutboxItems() throws Exception {
    List<Caller> callers = together(i -> event("s" + i), caller -> {});
    for (Caller caller : callers) {
      assertThat(statuses(caller.answer().get())).containsExactly("stored success");
    }
    assertThat(count("select count(*) from events")).isEqualTo(CALLS);
    assertThat(count("select count(distinct xmin::text) from events")).isEqualTo(2);
    assertThat(
            count(
                """
                select count(*) from outbox
                where cardinality(event_ids) = 1
                  and traceparent like '%-' || lpad(substr(event_ids[1], 2), 16, '0') || '-01'
                """))
        .isEqualTo(3 * CALLS);
  }

  @Test
  void eventTwiceInOneTransaction_isStoredOnce() throws Exception {
    List<Caller> callers = together(i -> event("s" + i % 10), caller -> {});
    List<String> said = new ArrayList<>();
    for (Caller caller : callers) {
      said.addAll(statuses(caller.answer().get()));
    }
    assertThat(said.stream().filter("stored success"::equals)).hasSize(10);
    assertThat(said.stream().filter("duplicate duplicate"::equals)).hasSize(10);
    assertThat(count("select count(*) from outbox")).isEqualTo(30);
  }

  @Test
  void callWhoseEventTheDatabaseDoesNotTake_failsAlone() throws Exception {
    List<Caller> callers =
        together(i -> i == 7 ? withUser(event("s7"), "zero\u0000") : event("s" + i), caller -> {});
    for (int i = 0; i < CALLS; i++) {
      assertThat(statuses(callers.get(i).answer().get()))
          .containsExactly(i == 7 ? "failed " : "stored success");
    }
    assertThat(count("select count(*) from events")).isEqualTo(CALLS - 1);
  }

  @Test
  void callThatIsInterrupted_takesNoOtherWithIt_andStaysInterrupted() throws Exception {
    List<Caller> callers =
        together(i -> event("s" + i), all -> all.forEach(caller -> caller.thread().interrupt()));
    for (Caller caller : callers) {
      assertThat(statuses(caller.answer().get())).containsExactly("stored success");
      assertThat(caller.interrupted()[0]).isTrue();
    }
    assertThat(count("select count(*) from events")).isEqualTo(CALLS);
  }

  /** Starts all calls while the table is locked, so that all but the first wait for each other. */
  private List<Caller> together(IntFunction<StorableEvent> events, Consumer<List<Caller>> meanwhile)
      throws InterruptedException {
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread holder =
        Thread.startVirtualThread(
            () ->
                database.transaction(
                    connection -> {
                      try (Statement statement = connection.createStatement()) {
                        statement.execute("lock table events in exclusive mode");
                      }
                      locked.countDown();
                      await().until(() -> release.getCount() == 0);
                      return true;
                    }));
    locked.await();
    List<Caller> callers = new ArrayList<>();
    try {
      for (int i = 0; i < CALLS; i++) {
        callers.add(call(i, events.apply(i)));
        Thread thread = callers.getLast().thread();
        await().until(() -> thread.getState() == Thread.State.WAITING);
      }
      meanwhile.accept(callers);
    } finally {
      release.countDown();
    }
    holder.join();
    for (Caller caller : callers) {
      caller.thread().join();
    }
    return callers;
  }

  private Caller call(int number, StorableEvent event) {
    TraceContext trace = new TraceContext("a".repeat(32), "%016d".formatted(number), true);
    boolean[] interrupted = new boolean[1];
    FutureTask<List<EventAnswer>> answer =
        new FutureTask<>(
            () -> {
              List<EventAnswer> answers =
                  store.store(
                      List.of(event),
                      new Provenance(trace, provenance().origin()),
                      (unfit, why) ->
                          EventAnswer.failed(
                              unfit.id(), "unfit", String.valueOf(why.getMessage())));
              interrupted[0] = Thread.currentThread().isInterrupted();
              return answers;
            });
    return new Caller(Thread.startVirtualThread(answer), answer, interrupted);
  }
}
