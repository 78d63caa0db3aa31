package io.agentweave.local.postgres;

import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.process.ProcessRef;
import io.agentweave.local.process.ProcessSpec;
import io.agentweave.local.process.SupervisedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A PostgreSQL server for one folder: its data outlives the server, every commit is on disk before
 * it is answered ({@code fsync}, {@code synchronous_commit} and {@code full_page_writes} are on),
 * it listens on the loopback address only, and nobody gets in without a password (SCRAM-SHA-256). A
 * server that dies is started again.
 *
 * <p>It has the database {@value #DATABASE}, owned by the user {@value #USER}, who is no superuser.
 */
public final class LocalPostgres implements AutoCloseable {
  public static final String DATABASE = "events";
  public static final String USER = "pipeline";

  private static final String SUPERUSER = "postgres";
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(20);

  private final PostgresFolder folder;
  private final int port;
  private final SupervisedProcess server;

  private LocalPostgres(PostgresFolder folder, int port, SupervisedProcess server) {
    this.folder = folder;
    this.port = port;
    this.server = server;
  }

  /** Starts a server for {@code folder} on a free port. */
  public static LocalPostgres start(Path folder) throws IOException {
    return start(folder, 0, Caches.folder(), UNWATCHED);
  }

  /**
   * Starts a server and waits until it answers. The first start in a folder initialises it.
   *
   * @param folder holds data, passwords and log; for the owner only
   * @param port 0 picks a free one
   * @param cache where the PostgreSQL programs are unpacked to
   * @param watcher is told of the server process
   * @throws IOException when it can't be started; the message says why
   */
  public static LocalPostgres start(
      Path folder, int port, Path cache, SupervisedProcess.Watcher watcher) throws IOException {
    Path programs = PostgresBinaries.unpackedIn(cache);
    PostgresFolder home = PostgresFolder.open(folder, programs);
    int chosen = port == 0 ? FreePort.find() : port;
    SupervisedProcess server =
        new SupervisedProcess(
            new ProcessSpec(
                "postgres",
                command(home, programs, chosen),
                Map.of("LC_ALL", "C"),
                folder.resolve("postgres.log"),
                ProcessEnd.Signal.INT,
                STOP),
            watcher);
    LocalPostgres postgres = new LocalPostgres(home, chosen, server);
    try {
      server.start();
      postgres.awaitReady();
      postgres.createDatabase();
      return postgres;
    } catch (IOException | RuntimeException failed) {
      postgres.close();
      throw failed;
    }
  }

  public int port() {
    return port;
  }

  /** Without user and password. */
  public String jdbcUrl() {
    return jdbcUrl(port);
  }

  /** The same for a server that is yet to start. */
  public static String jdbcUrl(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
  }

  /** {@code $XDG_CACHE_HOME/agentweave}, or {@code ~/.cache/agentweave}. */
  public static Path usualCache() {
    return Caches.folder();
  }

  /** Holds the password of {@value #USER} and nothing else. */
  public Path passwordFile() {
    return folder.passwordFile(USER);
  }

  /** The same for a server that is yet to start. */
  public static Path passwordFile(Path folder) {
    return new PostgresFolder(folder).passwordFile(USER);
  }

  /** The server process, its restarts and how it ended last. */
  public SupervisedProcess server() {
    return server;
  }

  /** A new connection of {@value #USER} to {@value #DATABASE}. */
  public Connection connect() throws SQLException {
    return connect(USER, DATABASE);
  }

  /** Ends open transactions, writes everything down, stops. */
  @Override
  public void close() {
    server.close();
  }

  private static List<String> command(PostgresFolder folder, Path programs, int port) {
    List<String> command = new ArrayList<>(Unprivileged.prefix());
    command.add(programs.resolve("bin/postgres").toString());
    command.addAll(List.of("-D", folder.data().toString()));
    List.of(
            "listen_addresses=127.0.0.1",
            "port=" + port,
            "unix_socket_directories=",
            "fsync=on",
            "synchronous_commit=on",
            "full_page_writes=on",
            "password_encryption=scram-sha-256",
            "logging_collector=off",
            "log_destination=stderr",
            "max_connections=100",
            "shared_buffers=128MB",
            "max_wal_size=1GB",
            // The outbox is a queue: what has gone through it should go soon.
            "autovacuum_naptime=10s",
            "restart_after_crash=on")
        .forEach(setting -> command.addAll(List.of("-c", setting)));
    return command;
  }

  private void awaitReady() throws IOException {
    long end = System.nanoTime() + START.toNanos();
    ProcessRef first = server.process().orElse(null);
    SQLException last = null;
    while (first != null && first.alive() && System.nanoTime() < end) {
      try {
        connect(SUPERUSER, "postgres").close();
        return;
      } catch (SQLException notYet) {
        last = notYet;
      }
      pause();
    }
    throw new IOException(
        "PostgreSQL "
            + (first != null && first.alive()
                ? "did not answer within " + START.toSeconds() + " s"
                : "ended before it was ready")
            + ": "
            + folder.lastLogLine(),
        last);
  }

  private void createDatabase() throws IOException {
    String password = folder.password(USER);
    try (Connection connection = connect(SUPERUSER, "postgres");
        var statement = connection.createStatement()) {
      // The generated password has letters and digits only, so quoting it is safe.
      statement.execute(
          "do $$ begin if not exists (select from pg_roles where rolname = '%1$s') then create role %1$s login; end if; end $$"
              .formatted(USER));
      statement.execute("alter role %s password '%s'".formatted(USER, password));
      boolean missing;
      try (var found =
          statement.executeQuery("select from pg_database where datname = '" + DATABASE + "'")) {
        missing = !found.next();
      }
      if (missing) {
        statement.execute("create database %s owner %s".formatted(DATABASE, USER));
        statement.execute("revoke all on database %s from public".formatted(DATABASE));
      }
    } catch (SQLException failed) {
      throw new IOException("could not create the database: " + failed.getMessage(), failed);
    }
  }

  private Connection connect(String user, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    try {
      properties.setProperty("password", folder.password(user));
    } catch (IOException unreadable) {
      throw new SQLException("the password file of " + user + " can't be read", unreadable);
    }
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while PostgreSQL was starting", interrupted);
    }
  }

  /** For those who do not care which process it is. */
  public static final SupervisedProcess.Watcher UNWATCHED =
      new SupervisedProcess.Watcher() {
        @Override
        public void started(ProcessRef process) {}

        @Override
        public void ended(ProcessRef process) {}
      };
}
