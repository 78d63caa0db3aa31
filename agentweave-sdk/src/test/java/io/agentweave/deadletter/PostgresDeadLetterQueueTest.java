package io.agentweave.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.call.Payload;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresDeadLetterQueueTest extends DeadLetterQueueContract {
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void startDatabase() throws IOException {
    postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .start();
  }

  @AfterAll
  static void stopDatabase() throws IOException {
    postgres.close();
  }

  @BeforeEach
  void dropTable() throws SQLException {
    run("drop table if exists dead_letters");
  }

  private static DataSource database() {
    return postgres.getPostgresDatabase();
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  DeadLetterQueue openQueue() {
    return PostgresDeadLetterQueue.open(database(), AGENT);
  }

  @Test
  void databaseThatIsNotThere_isADeadLetterException() {
    DataSource nowhere = postgres.getDatabase("postgres", "no_such_database");
    assertThatThrownBy(() -> PostgresDeadLetterQueue.open(nowhere, AGENT))
        .isInstanceOf(DeadLetterException.class);
  }

  @Test
  void databaseThatFailsInTheMiddle_refusesAndRecovers() throws SQLException {
    DeadLetterQueue queue = reopened();
    DeadLetter letter = letter("{}");
    run("alter table dead_letters rename to away");
    assertThatThrownBy(() -> queue.add(letter)).isInstanceOf(DeadLetterException.class);
    assertThatThrownBy(queue::open).isInstanceOf(DeadLetterException.class);
    run("alter table away rename to dead_letters");

    queue.add(letter);
    assertThat(queue.open()).isEqualTo(1);
  }

  @Test
  void batchThatFailsAtItsLastLetter_leavesNothing() throws SQLException {
    DeadLetterQueue queue = reopened();
    run("alter table dead_letters add check (stage <> 'never')");
    DeadLetter good = letter("{}");
    DeadLetter bad =
        new DeadLetters(java.time.InstantSource.system())
            .letter(Payload.empty(), "never", "invalid", "", origin(null));

    assertThatThrownBy(() -> queue.addAll(List.of(good, bad)))
        .isInstanceOf(DeadLetterException.class);
    assertThat(queue.list(Optional.empty(), 10)).isEmpty();
  }

  @Test
  void agentsThatShareATable_seeTheirOwnLetters() {
    DeadLetterQueue queue = reopened();
    DeadLetter letter = letter("{}");
    queue.add(letter);
    try (DeadLetterQueue other = PostgresDeadLetterQueue.open(database(), "storage")) {
      assertThat(other.open()).isZero();
      assertThat(other.find(letter.id())).isEmpty();
      assertThat(other.list(Optional.empty(), 10)).isEmpty();
      assertThat(other.settle(letter.id(), DeadLetter.Status.DISCARDED)).isFalse();
      other.failedAgain(letter.id(), "invalid", "");
      assertThatThrownBy(() -> other.add(letter("{}")))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(queue.find(letter.id()).orElseThrow().attempts()).isEqualTo(1);
  }

  @Test
  void agentsThatStartTogether_makeOneTable() throws Exception {
    try (ExecutorService starters = Executors.newFixedThreadPool(4)) {
      var queues =
          starters.invokeAll(
              IntStream.range(0, 8)
                  .mapToObj(
                      i ->
                          (java.util.concurrent.Callable<DeadLetterQueue>)
                              () -> PostgresDeadLetterQueue.open(database(), AGENT))
                  .toList());
      for (var queue : queues) {
        assertThat(queue.get().open()).isZero();
      }
    }
  }

  @Test
  void databaseThatForgetsWhatItCommits_isRefused() throws IOException {
    try (EmbeddedPostgres forgetful =
        EmbeddedPostgres.builder().setServerConfig("fsync", "off").start()) {
      DataSource database = forgetful.getPostgresDatabase();
      assertThatThrownBy(() -> PostgresDeadLetterQueue.open(database, AGENT))
          .isInstanceOf(DeadLetterException.class)
          .hasMessageContaining("fsync");
    }
  }
}
