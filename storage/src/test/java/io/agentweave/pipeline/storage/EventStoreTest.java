package io.agentweave.pipeline.storage;

import static io.agentweave.pipeline.storage.StorageBench.count;
import static io.agentweave.pipeline.storage.StorageBench.event;
import static io.agentweave.pipeline.storage.StorageBench.noneUnfit;
import static io.agentweave.pipeline.storage.StorageBench.provenance;
import static io.agentweave.pipeline.storage.StorageBench.statuses;
import static io.agentweave.pipeline.storage.StorageBench.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.pipeline.contract.StorableEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class EventStoreTest {
  private final EventStore store = new EventStore(StorageBench.empty());

  private List<EventAnswer> store(StorableEvent... events) {
    return store.store(List.of(events), provenance(), noneUnfit());
  }

  @Test
  void sameEventAgain_isADuplicateAndChangesNothing() {
    assertThat(statuses(store(event("a")))).containsExactly("stored success");
    assertThat(statuses(store(event("a")))).containsExactly("duplicate duplicate");
    assertThat(count("select count(*) from events")).isEqualTo(1);
    assertThat(count("select count(*) from outbox")).isEqualTo(3);
  }

  @Test
  void sameIdTwiceInABatch_keepsTheFirst() {
    assertThat(statuses(store(event("b", "{\"n\":1}"), event("a"), event("b", "{\"n\":2}"))))
        .containsExactly("stored success", "stored success", "duplicate conflict");
    assertThat(text("select properties->>'n' from events where id = 'b'")).isEqualTo("1");
  }

  @Test
  void duplicateThatSaysSomethingElse_isCalledAConflict() {
    store(event("a", "{\"n\": 1, \"m\": 2}"));
    assertThat(statuses(store(event("a", "{\"m\": 2, \"n\": 1}"), event("a", "{\"n\": 2}"))))
        .containsExactly("duplicate duplicate", "duplicate conflict");
    assertThat(text("select properties->>'n' from events")).isEqualTo("1");
  }

  @Test
  void properties_areKeptAsTheyCame() {
    String nasty =
        "{\"z\":9007199254740993,\"a\":123456789012345678901234567890,\"d\":0.10,"
            + "\"s\":\"世界 👩🏽‍🚀 \\\" \\\\\",\"n\":null,\"l\":[[],{}]}";
    store(event("a", nasty));
    assertThat(text("select properties from events")).isEqualTo(nasty);
  }

  @Test
  void concurrentBatchesInAnyOrder_storeEachEventOnce() throws Exception {
    List<StorableEvent> events =
        new ArrayList<>(IntStream.range(0, 200).mapToObj(i -> event("c" + i)).toList());
    List<Future<List<EventAnswer>>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        Collections.shuffle(events, new Random(i));
        List<StorableEvent> shuffled = List.copyOf(events);
        answers.add(threads.submit(() -> store.store(shuffled, provenance(), noneUnfit())));
      }
    }
    long stored = 0;
    for (Future<List<EventAnswer>> answer : answers) {
      stored += answer.get().stream().filter(a -> a.status() == EventStatus.STORED).count();
    }
    assertThat(stored).isEqualTo(200);
    assertThat(count("select count(*) from events")).isEqualTo(200);
    assertThat(count("select sum(cardinality(event_ids)) from outbox where destination = 'search'"))
        .isEqualTo(200);
  }

  @Test
  void eventThatTheDatabaseDoesNotTake_keepsNoOtherBack() {
    StorableEvent bad = withUser(event("bad"), "zero\u0000byte");
    List<EventAnswer> answers =
        store.store(
            List.of(event("a"), bad, event("b"), event("c")),
            provenance(),
            (event, why) ->
                EventAnswer.failed(event.id(), "unfit", String.valueOf(why.getMessage())));
    assertThat(statuses(answers))
        .containsExactly("stored success", "failed ", "stored success", "stored success");
    assertThat(answers.get(1).errors())
        .containsExactly("PostgreSQL does not take these values: SQLSTATE 22021");
    assertThat(count("select count(*) from events")).isEqualTo(3);
  }

  @Test
  void failureAfterTheInsert_leavesNothingBehind() {
    StorageBench.run("alter table outbox rename to elsewhere");
    try {
      assertThatThrownBy(() -> store(event("a"))).hasMessageContaining("42P01");
    } finally {
      StorageBench.run("alter table elsewhere rename to outbox");
    }
    assertThat(count("select count(*) from events")).isZero();
  }

  static StorableEvent withUser(StorableEvent event, String userId) {
    return new StorableEvent(
        event.id(),
        event.type(),
        event.timestamp(),
        userId,
        event.userName(),
        event.userTier(),
        event.properties(),
        event.source(),
        event.dayOfWeek(),
        event.hour(),
        event.version());
  }
}
