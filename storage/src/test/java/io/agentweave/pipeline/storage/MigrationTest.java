package io.agentweave.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.local.postgres.LocalPostgres;
import io.agentweave.pipeline.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Takes a database that an earlier version made, with data, to the present. */
final class MigrationTest {
  @TempDir private Path folder = Path.of("");

  private static void run(LocalPostgres postgres, String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long count(LocalPostgres postgres, String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void migrateToDocuments(LocalPostgres postgres) throws Exception {
    var section = StorageBench.section(postgres);
    Flyway.configure()
        .dataSource(section.url(), section.user(), section.password().reveal())
        .locations("classpath:db/storage")
        .table("migrations_storage")
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .target("2")
        .load()
        .migrate();
  }

  @Test
  void documentsOfEachEvent_becomeSegments() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start(folder)) {
      migrateToDocuments(postgres);
      run(
          postgres,
          """
          insert into events (id, type, "timestamp", user_id, user_tier, properties, source,
            day_of_week, hour, version)
          select 'old-' || i, 'view', now(), 'u', 'free', ('{"word": "w' || i || '"}')::json, 's', 'Monday', 1,
            '1.0'
          from generate_series(1, 2500) i;
          insert into event_search select id, to_tsvector('simple', 'x') from events
            where id <> 'old-1';
          insert into outbox (destination, event_ids, origin) values ('search', '{old-1}',
            '{"agent":"storage","capability":"store_event","caller_spiffe_id":"c",
              "caller_svid_serial":"1","request_id":"r","decision_id":"d","policy_revision":"p"}')
          """);
      try (Database database = StorageBench.open(postgres)) {
        Delivery delivery =
            new Delivery(
                database,
                new SearchIndex(),
                StorageBench.OUTBOX,
                StorageBench.TELEMETRY,
                (id, to, attempts, from) -> {
                  throw new AssertionError(id + " was refused");
                });
        while (delivery.deliverOne()) {
          // until nothing is left
        }
      }
      assertThat(count(postgres, "select count(*) from outbox")).isZero();
      assertThat(count(postgres, "select count(*) from event_search")).isEqualTo(2500);
      assertThat(count(postgres, "select count(*) from search_events('w2500')")).isEqualTo(1);
      assertThat(count(postgres, "select count(*) from search_events('w1')")).isEqualTo(1);
    }
  }
}
