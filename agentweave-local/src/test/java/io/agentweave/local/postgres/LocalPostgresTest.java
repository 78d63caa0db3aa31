package io.agentweave.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.process.ProcessRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalPostgresTest {
  /** One folder for all tests, because initialising one takes longest. */
  @TempDir static Path folder;

  @Test
  void everyCommitIsOnDiskBeforeItIsAnswered() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start(folder);
        Connection connection = postgres.connect()) {
      assertThat(show(connection, "fsync")).isEqualTo("on");
      assertThat(show(connection, "synchronous_commit")).isEqualTo("on");
      assertThat(show(connection, "full_page_writes")).isEqualTo("on");
      assertThat(show(connection, "data_checksums")).isEqualTo("on");
      assertThat(show(connection, "server_encoding")).isEqualTo("UTF8");
      assertThat(show(connection, "server_version")).startsWith("18.");
      assertThat(show(connection, "listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(show(connection, "is_superuser")).isEqualTo("off");
    }
  }

  @Test
  void withoutThePassword_nobodyGetsIn() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start(folder)) {
      for (String user : new String[] {"postgres", LocalPostgres.USER}) {
        assertThatThrownBy(() -> connect(postgres, user, "")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> connect(postgres, user, "guess"))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("password authentication failed");
      }
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(postgres.passwordFile())))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void rowsOutliveAServerThatIsKilled_andItComesBackByItself() throws Exception {
    try (LocalPostgres postgres = LocalPostgres.start(folder)) {
      try (Connection connection = postgres.connect();
          var statement = connection.createStatement()) {
        statement.execute("drop table if exists kept");
        statement.execute("create table kept (id int primary key)");
        statement.execute("insert into kept values (1)");
      }
      ProcessRef first = postgres.server().process().orElseThrow();
      ProcessHandle.of(first.pid()).orElseThrow().destroyForcibly();

      await().ignoreExceptions().until(() -> count(postgres) == 1);
      assertThat(postgres.server().restarts()).isPositive();
      assertThat(postgres.server().lastEnd()).contains("signal 9");
    }
  }

  @Test
  void rowsOutliveTheFoldersServer_evenOneThatACrashLeftRunning() throws Exception {
    ProcessRef orphan;
    LocalPostgres first = LocalPostgres.start(folder);
    try (Connection connection = first.connect();
        var statement = connection.createStatement()) {
      statement.execute("drop table if exists kept");
      statement.execute("create table kept (id int primary key)");
      statement.execute("insert into kept values (1)");
      orphan = first.server().process().orElseThrow();
      // Nobody closed the first one: as after the end of its supervisor.
      try (LocalPostgres second =
          LocalPostgres.start(folder, FreePort.find(), Caches.folder(), LocalPostgres.UNWATCHED)) {
        assertThat(orphan.alive()).isFalse();
        assertThat(count(second)).isEqualTo(1);
      }
    } finally {
      first.close();
    }
  }

  @Test
  void aPidFileWhosePidWentToAnotherProgram_isNoObstacle_andTheProgramLivesOn() throws Exception {
    LocalPostgres.start(folder).close();
    Process other = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(folder.resolve("data/postmaster.pid"), other.pid() + "\n");
      LocalPostgres.start(folder).close();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aTakenPort_isNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () ->
                  LocalPostgres.start(
                      folder, taken.getLocalPort(), Caches.folder(), LocalPostgres.UNWATCHED))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("PostgreSQL ended before it was ready");
    }
  }

  @Test
  void closing_leavesNoProcess() throws Exception {
    LocalPostgres postgres = LocalPostgres.start(folder);
    ProcessRef server = postgres.server().process().orElseThrow();
    postgres.close();

    assertThat(server.alive()).isFalse();
    assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
    assertThat(ProcessEnd.end(server, ProcessEnd.Signal.TERM, Duration.ZERO)).isTrue();
  }

  private static long count(LocalPostgres postgres) throws SQLException {
    try (Connection connection = postgres.connect();
        var rows = connection.createStatement().executeQuery("select count(*) from kept")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static Connection connect(LocalPostgres postgres, String user, String password)
      throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres", user, password);
  }

  private static String show(Connection connection, String setting) throws SQLException {
    try (var answer = connection.createStatement().executeQuery("show " + setting)) {
      answer.next();
      return answer.getString(1);
    }
  }
}
