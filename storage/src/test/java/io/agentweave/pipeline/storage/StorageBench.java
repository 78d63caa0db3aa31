package io.agentweave.pipeline.storage;

import io.agentweave.config.ObservabilitySection;
import io.agentweave.config.Secret;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.local.postgres.LocalPostgres;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.pipeline.database.Database;
import io.agentweave.pipeline.database.DatabaseSection;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import io.agentweave.validation.ObjectText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A real PostgreSQL with the storage agent's tables, one for all tests of the module. */
final class StorageBench {
  static final Telemetry TELEMETRY =
      Telemetry.start(
          new TelemetrySettings(
              "storage",
              Optional.empty(),
              "development",
              new ObservabilitySection.Tracing(false, "otlp", "http://localhost:4317", 1.0),
              Set.of()));
  static final StorageConfig.Outbox OUTBOX =
      new StorageConfig.Outbox(5000, 2, Duration.ofMillis(1));

  private StorageBench() {}

  /** Starts once, ends with the JVM. */
  private static final class Server {
    private static final LocalPostgres POSTGRES = start();
    private static final Database DATABASE = open(POSTGRES);

    private static LocalPostgres start() {
      try {
        Path folder = Files.createTempDirectory("storage-test");
        LocalPostgres postgres = LocalPostgres.start(folder);
        Runtime.getRuntime()
            .addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(postgres, folder)));
        return postgres;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void stop(LocalPostgres postgres, Path folder) {
      postgres.close();
      try (var files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static Database open(LocalPostgres postgres) {
    Database database = Database.open("storage", section(postgres));
    database.migrate();
    return database;
  }

  static DatabaseSection section(LocalPostgres postgres) {
    try {
      String password = Files.readString(postgres.passwordFile()).strip();
      return new DatabaseSection(postgres.jdbcUrl(), LocalPostgres.USER, Secret.of(password), 8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shared database, without rows. */
  static Database empty() {
    run(
        "truncate events, outbox, undelivered, search_segments, event_counts restart identity"
            + " cascade");
    return Server.DATABASE;
  }

  static void run(String sql) {
    Server.DATABASE.transaction(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  /** What autovacuum does sooner or later, at a moment when the outbox may be empty. */
  static void vacuumOutbox() {
    try (Connection connection = Server.POSTGRES.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze outbox");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static long count(String sql) {
    return Long.parseLong(text(sql));
  }

  static String text(String sql) {
    return Server.DATABASE.transaction(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
          }
        });
  }

  static Provenance provenance() {
    return new Provenance(
        null,
        new DeadLetter.Origin(
            "storage",
            "store_event",
            "spiffe://agentweave.io/agent/processor",
            "01",
            "request-1",
            "decision-1",
            "revision-1",
            null));
  }

  static StorableEvent event(String id) {
    return event(id, "{\"path\": \"/\"}");
  }

  static StorableEvent event(String id, String properties) {
    return new StorableEvent(
        id,
        "page_view",
        Instant.parse("2026-11-18T12:00:00Z"),
        "user-001",
        Optional.of("Ada"),
        "free",
        ObjectText.of(properties),
        "web",
        "Wednesday",
        12,
        "1.0");
  }

  static EventStore.Unfit noneUnfit() {
    return (event, why) -> {
      throw new AssertionError(event.id(), why);
    };
  }

  static List<String> statuses(List<EventAnswer> answers) {
    return answers.stream()
        .map(
            answer ->
                answer.status().word() + " " + answer.destinations().getOrDefault("database", ""))
        .toList();
  }
}
