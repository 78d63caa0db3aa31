package io.agentweave.pipeline.storage;

import static io.agentweave.pipeline.storage.StorageBench.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.pipeline.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The statements against a table whose statistics say that it is empty, as they usually do. */
final class OutboxTest {
  private final Database database = StorageBench.empty();

  private static void backlog(int items) {
    StorageBench.run(
        """
        insert into outbox (destination, event_ids, origin)
        select destination, array['e' || i], '%s'
        from generate_series(1, %d) as i, unnest(array['warehouse', 'search', 'analytics']) as destination
        """
            .formatted(StorageBench.provenance().originJson(), items));
  }

  static List<String> statements() {
    return List.of(
        Outbox.DUE.replace("?", "'search'"),
        Outbox.OF_BATCH.replace("?", "7"),
        Outbox.REMOVE.replace("?", "7"),
        Outbox.makeBatch(5000).replace("?", "'search'"),
        Outbox.takeOut(5000).replace("?", "'search'"));
  }

  /**
   * A join with the whole table, say, takes minutes for a backlog that a pause of an hour makes.
   */
  @ParameterizedTest
  @MethodSource("statements")
  void noStatementLooksAtTheWholeTable_whateverTheStatisticsSay(String statement) {
    backlog(10_000);
    StorageBench.run("delete from outbox");
    StorageBench.vacuumOutbox();
    assertThat(count("select reltuples from pg_class where relname = 'outbox'")).isZero();
    backlog(10_000);

    assertThat(plan(statement))
        .containsAnyOf("outbox_unassigned", "outbox_due", "outbox_batches")
        .doesNotContain("outbox_pkey", "Seq Scan on outbox", "Join");
  }

  private String plan(String statement) {
    return database.transaction(
        connection -> {
          StringBuilder plan = new StringBuilder();
          try (Statement explain = connection.createStatement();
              ResultSet lines = explain.executeQuery("explain " + statement)) {
            while (lines.next()) {
              plan.append(lines.getString(1)).append('\n');
            }
          }
          return plan.toString();
        });
  }

  @Test
  void theOldestItems_areTakenOut_inTheirOrder_untilThereAreEnoughEvents() {
    StorageBench.run(
        """
        insert into outbox (destination, event_ids, origin)
        select 'search', array_fill('e'::text, array[i]), '%s' from generate_series(1, 5) as i
        """
            .formatted(StorageBench.provenance().originJson()));

    assertThat(takeOut(4)).containsExactly(1, 2, 3);
    assertThat(takeOut(1)).containsExactly(4);
    assertThat(takeOut(100)).containsExactly(5);
    assertThat(takeOut(100)).isEmpty();
  }

  @Test
  void aBatch_isBoundedByItsBytes_andHasOneItemAtLeast() {
    StorageBench.run(
        """
        insert into outbox (destination, event_ids, origin, bytes)
        select destination, array['e' || i], '%s', (array[17, 9, 6, 3, 1])[i] * 1048576
        from generate_series(1, 5) as i, unnest(array['warehouse', 'search']) as destination
        """
            .formatted(StorageBench.provenance().originJson()));

    assertThat(takeOut(100)).hasSize(1);
    assertThat(takeOut(100)).hasSize(3);
    assertThat(takeOut(100)).hasSize(1);

    List<String> taken = new ArrayList<>();
    Delivery delivery = delivery(Destination.Name.WAREHOUSE, taken);
    assertThat(delivery.deliverOne()).isTrue();
    assertThat(delivery.isBehind()).isTrue();
    assertThat(delivery.deliverOne()).isTrue();
    assertThat(delivery.isBehind()).isTrue();
    assertThat(delivery.deliverOne()).isTrue();
    assertThat(delivery.isBehind()).isFalse();
    assertThat(taken).containsExactly("e1", "e2", "e3", "e4", "e5");
  }

  @Test
  void whatIsInABatch_orGoesElsewhere_isNotTakenOut() {
    backlog(3);
    database.transaction(
        connection -> Outbox.nextBatch(connection, Destination.Name.SEARCH, 2).orElseThrow());

    assertThat(takeOut(100)).containsExactly(1);
    assertThat(count("select count(*) from outbox where destination = 'search'")).isEqualTo(2);
    assertThat(count("select count(*) from outbox")).isEqualTo(8);
  }

  /** How many events each item had. */
  private List<Integer> takeOut(int mostEvents) {
    return database.transaction(
        connection ->
            Outbox.takeOut(connection, Destination.Name.SEARCH, mostEvents).stream()
                .map(item -> item.eventIds().size())
                .toList());
  }

  @Test
  void aBacklog_isDeliveredOnceAndWhole_asFastAsTheDestinationTakesIt() {
    int items = 3 * Outbox.MOST_ITEMS;
    backlog(items);
    List<String> taken = new ArrayList<>();
    Delivery delivery = delivery(Destination.Name.ANALYTICS, taken);

    int batches = 0;
    while (delivery.deliverOne()) {
      batches++;
      assertThat(delivery.isBehind()).isTrue();
    }

    assertThat(batches).isEqualTo(3);
    assertThat(delivery.isBehind()).isFalse();
    assertThat(taken)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, items).mapToObj(i -> "e" + i).toList());
    assertThat(count("select count(*) from outbox")).isEqualTo(2 * items);
  }

  @ParameterizedTest
  @EnumSource(Destination.Name.class)
  void afterABatchThatIsNotFull_nothingWaits(Destination.Name name) {
    backlog(Outbox.MOST_ITEMS - 1);
    Delivery delivery = delivery(name, new ArrayList<>());

    assertThat(delivery.deliverOne()).isTrue();

    assertThat(delivery.isBehind()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Destination.Name.class)
  void eventsOfUnknownOrigin_areDeliveredLikeOthers(Destination.Name name) {
    backlog(1);
    StorageBench.run("update outbox set origin = '{}', traceparent = 'none'");
    List<String> taken = new ArrayList<>();

    assertThat(delivery(name, taken).deliverOne()).isTrue();

    assertThat(taken).containsExactly("e1");
  }

  private Delivery delivery(Destination.Name name, List<String> taken) {
    Destination destination =
        new Destination() {
          @Override
          public Name name() {
            return name;
          }

          @Override
          public boolean endsWithTransaction() {
            return name != Name.WAREHOUSE;
          }

          @Override
          public void take(Connection connection, long batch, List<String> eventIds) {
            taken.addAll(eventIds);
          }
        };
    return new Delivery(
        database,
        destination,
        StorageBench.OUTBOX,
        StorageBench.TELEMETRY,
        (id, to, attempts, from) -> {
          throw new AssertionError(id);
        });
  }
}
