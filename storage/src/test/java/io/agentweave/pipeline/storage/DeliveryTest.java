package io.agentweave.pipeline.storage;

import static io.agentweave.pipeline.storage.StorageBench.count;
import static io.agentweave.pipeline.storage.StorageBench.event;
import static io.agentweave.pipeline.storage.StorageBench.noneUnfit;
import static io.agentweave.pipeline.storage.StorageBench.provenance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import blue.strategic.parquet.ParquetReader;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.pipeline.database.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeliveryTest {
  @TempDir private Path folder = Path.of("");
  private final Database database = StorageBench.empty();
  private final EventStore store = new EventStore(database);
  private final List<String> kept = new ArrayList<>();

  private void store(StorableEvent... events) {
    store.store(List.of(events), provenance(), noneUnfit());
  }

  private Delivery delivery(Destination destination) {
    return new Delivery(
        database,
        destination,
        StorageBench.OUTBOX,
        StorageBench.TELEMETRY,
        (id, to, attempts, from) -> kept.add(id + " " + to.word() + " " + attempts));
  }

  private static void deliverAll(Delivery delivery) {
    while (delivery.deliverOne()) {
      // until nothing is left
    }
  }

  @Test
  void storedEvents_areFoundByTheirText() {
    store(event("a", "{\"note\":\"Grüße aus Köln\"}"), event("b", "{\"deep\":[{\"n\":42}]}"));
    deliverAll(delivery(new SearchIndex()));
    assertThat(
            StorageBench.text(
                "select event_id from event_search where document @@ to_tsquery('simple', 'köln')"))
        .isEqualTo("a");
    assertThat(
            StorageBench.text(
                "select event_id from event_search where document @@ to_tsquery('simple', '42')"))
        .isEqualTo("b");
    assertThat(count("select count(*) from outbox where destination = 'search'")).isZero();
  }

  @Test
  void deletedEvents_takeTheirDocumentsAlong() {
    store(event("a"), event("b"), event("c"));
    deliverAll(delivery(new SearchIndex()));
    StorageBench.run("delete from events where id in ('a', 'c')");
    assertThat(StorageBench.text("select string_agg(event_id, ' ') from event_search"))
        .isEqualTo("b");
  }

  @Test
  void analytics_countEachEventOnce() {
    store(event("a"), event("b"));
    store(event("b"), event("c"));
    Delivery delivery = delivery(new Analytics());
    deliverAll(delivery);
    deliverAll(delivery);
    assertThat(count("select events from event_counts")).isEqualTo(3);
  }

  @Test
  void warehouse_hasOneFolderForEachDay() throws IOException {
    store(
        at(event("a"), "2026-11-17T23:59:59.999999Z"),
        at(event("b"), "2026-11-18T00:00:00Z"),
        event("c", "{\"n\":9007199254740993}"));
    deliverAll(delivery(new Warehouse(folder)));
    assertThat(ids(folder.resolve("date=2026-11-17"))).containsExactly("a");
    assertThat(ids(folder.resolve("date=2026-11-18"))).containsExactly("b", "c");
    assertThat(rows(folder).getLast()).contains("properties={\"n\":9007199254740993}");
  }

  @Test
  void crashBetweenFileAndOutbox_writesNoRowTwice() throws IOException {
    store(event("a"), event("b"));
    Delivery dies = delivery(dyingAfter(new Warehouse(folder)));
    assertThatThrownBy(dies::deliverOne).hasMessageContaining("dies here");
    assertThat(ids(folder)).containsExactly("a", "b");
    store(event("c"));
    deliverAll(delivery(new Warehouse(folder)));
    assertThat(ids(folder)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(count("select count(*) from outbox where destination = 'warehouse'")).isZero();
  }

  @Test
  void crashAfterCounting_countsNoEventTwice_andForgetsNone() {
    store(event("a"), event("b"));
    Delivery dies = delivery(dyingAfter(new Analytics()));
    assertThatThrownBy(dies::deliverOne).hasMessageContaining("dies here");
    assertThat(count("select count(*) from event_counts")).isZero();
    assertThat(count("select count(*) from outbox where destination = 'analytics'")).isEqualTo(1);

    deliverAll(delivery(new Analytics()));

    assertThat(count("select sum(events) from event_counts")).isEqualTo(2);
  }

  private static Destination dyingAfter(Destination to) {
    return new ForwardingDestination(to) {
      @Override
      public void take(Connection connection, long batch, List<String> ids) throws SQLException {
        super.take(connection, batch, ids);
        throw new UncheckedIOException(new IOException("the process dies here"));
      }
    };
  }

  @Test
  void eventThatADestinationRefuses_becomesADeadLetterAndTheOthersArrive() {
    store(event("a"), event("poison"), event("b"));
    store(event("c"));
    Delivery delivery = delivery(refusing("poison"));
    await()
        .until(
            () -> {
              deliverAll(delivery);
              return count("select count(*) from outbox where destination = 'search'") == 0;
            });
    assertThat(kept).containsExactly("poison search 2");
    assertThat(count("select count(*) from event_search")).isEqualTo(3);
    assertThat(count("select count(*) from undelivered")).isEqualTo(1);
  }

  @Test
  void batchThatSomebodyElseDelivers_isLeftToThem() throws Exception {
    store(event("a"));
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Delivery slow =
        delivery(
            new ForwardingDestination(new SearchIndex()) {
              @Override
              public void take(Connection connection, long batch, List<String> ids) {
                taken.countDown();
                try {
                  goOn.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                throw new UncheckedIOException(new IOException("gives up after all"));
              }
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> other = threads.submit(slow::deliverOne);
      taken.await();
      assertThat(delivery(new SearchIndex()).deliverOne()).isFalse();
      goOn.countDown();
      assertThatThrownBy(other::get).hasMessageContaining("gives up");
    }
    assertThat(count("select count(*) from outbox where destination = 'search'")).isEqualTo(1);
    deliverAll(delivery(new SearchIndex()));
    assertThat(count("select count(*) from event_search")).isEqualTo(1);
  }

  @Test
  void storingAnUndeliveredEventAgain_queuesItAgain() {
    store(event("a"));
    database.transaction(
        connection -> {
          Undelivered.add(connection, Destination.Name.SEARCH, "a");
          return true;
        });
    deliverAll(delivery(new SearchIndex()));
    StorageBench.run("truncate search_segments");
    store(event("a"));
    deliverAll(delivery(new SearchIndex()));
    assertThat(count("select count(*) from event_search")).isEqualTo(1);
    assertThat(count("select count(*) from undelivered")).isZero();
  }

  @Test
  void manySmallCalls_travelTogether() throws IOException {
    IntStream.range(0, 50).forEach(i -> store(event("e" + i)));
    deliverAll(delivery(new Warehouse(folder)));
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
    assertThat(ids(folder)).hasSize(50);
  }

  @Test
  void backlogOfLargeEvents_isDeliveredInBatchesOfBoundedSize() throws IOException {
    String large = "{\"text\":\"" + "x".repeat(120_000) + "\"}";
    IntStream.range(0, 300).forEach(i -> store(event("e" + i, large)));
    List<Integer> batches = new ArrayList<>();
    deliverAll(
        delivery(
            new ForwardingDestination(new Warehouse(folder)) {
              @Override
              public void take(Connection connection, long batch, List<String> ids)
                  throws SQLException {
                batches.add(ids.size());
                super.take(connection, batch, ids);
              }
            }));
    assertThat(batches).containsExactly(140, 140, 20);
    assertThat(ids(folder)).hasSize(300).doesNotHaveDuplicates();
  }

  private static Destination refusing(String poison) {
    return new ForwardingDestination(new SearchIndex()) {
      @Override
      public void take(Connection connection, long batch, List<String> ids) throws SQLException {
        if (ids.contains(poison)) {
          throw new SQLException("not this one", "54000");
        }
        super.take(connection, batch, ids);
      }
    };
  }

  /** A destination that does what another one does. */
  private abstract static class ForwardingDestination implements Destination {
    private final Destination to;

    ForwardingDestination(Destination to) {
      this.to = to;
    }

    @Override
    public Name name() {
      return to.name();
    }

    @Override
    public boolean endsWithTransaction() {
      return to.endsWithTransaction();
    }

    @Override
    public void take(Connection connection, long batch, List<String> ids) throws SQLException {
      to.take(connection, batch, ids);
    }
  }

  private static List<String> ids(Path under) throws IOException {
    return rows(under).stream()
        .map(row -> row.substring(row.indexOf("id=") + 3, row.indexOf(' ')))
        .toList();
  }

  private static List<String> rows(Path under) throws IOException {
    List<String> rows = new ArrayList<>();
    List<Path> parts;
    try (Stream<Path> files = Files.walk(under)) {
      parts = files.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path part : parts) {
      try (Stream<String[]> read = ParquetReader.streamContentToStrings(part.toFile())) {
        read.forEach(row -> rows.add(String.join(" ", row)));
      }
    }
    return rows;
  }

  private static StorableEvent at(StorableEvent event, String time) {
    return new StorableEvent(
        event.id(),
        event.type(),
        Instant.parse(time),
        event.userId(),
        event.userName(),
        event.userTier(),
        event.properties(),
        event.source(),
        event.dayOfWeek(),
        event.hour(),
        event.version());
  }
}
