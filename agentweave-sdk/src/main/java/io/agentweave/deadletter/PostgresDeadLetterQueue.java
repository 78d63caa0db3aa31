package io.agentweave.deadletter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Dead letters in the table {@code dead_letters} of a PostgreSQL database, which several agents may
 * share: each sees its own. A failed call leaves nothing behind; the next one tries anew.
 */
public final class PostgresDeadLetterQueue implements DeadLetterQueue {
  private static final int ROWS_AT_ONCE = 50;
  private static final String UNIQUE_VIOLATION = "23505";

  private final DataSource database;
  private final String agent;
  private final InstantSource clock;

  private PostgresDeadLetterQueue(DataSource database, String agent, InstantSource clock) {
    this.database = database;
    this.agent = agent;
    this.clock = clock;
  }

  /**
   * Opens the queue, and makes its table when it is absent.
   *
   * @param agent whose letters these are: {@link DeadLetter.Origin#agent} of each
   * @throws DeadLetterException when the database can't be reached, or does not keep what it
   *     commits ({@code fsync} is off)
   */
  public static PostgresDeadLetterQueue open(DataSource database, String agent) {
    PostgresDeadLetterQueue queue =
        new PostgresDeadLetterQueue(database, agent, InstantSource.system());
    try {
      queue.inTransaction(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              expectDurable(statement);
              return statement.execute(LetterRow.CREATE);
            }
          });
    } catch (DeadLetterException e) {
      throw new DeadLetterException(
          e.getMessage() + ". Correct the database's address, user, password or authorities", e);
    }
    return queue;
  }

  private static void expectDurable(Statement statement) throws SQLException {
    try (ResultSet fsync = statement.executeQuery("show fsync")) {
      if (fsync.next() && !fsync.getString(1).equals("on")) {
        throw new SQLException("the database has fsync = off: switch it on");
      }
    }
  }

  @Override
  public void addAll(List<DeadLetter> letters) {
    for (DeadLetter letter : letters) {
      if (!letter.origin().agent().equals(agent)) {
        throw new IllegalArgumentException(
            "a letter of %s in the queue of %s".formatted(letter.origin().agent(), agent));
      }
    }
    if (letters.isEmpty()) {
      return;
    }
    inTransaction(
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(LetterRow.INSERT)) {
            for (DeadLetter letter : letters) {
              LetterRow.fill(insert, letter);
              insert.addBatch();
            }
            return insert.executeBatch().length;
          } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
              throw new IllegalArgumentException("a letter was added before", e);
            }
            throw e;
          }
        });
  }

  @Override
  public List<DeadLetter> list(Optional<DeadLetter.Status> status, int limit) {
    List<DeadLetter> letters = new ArrayList<>();
    query(
        "select " + LetterRow.COLUMNS + newest(status, Optional.empty(), limit),
        status.map(Enum::name).stream().toList(),
        into(letters));
    return letters;
  }

  @Override
  public List<ListedLetter> page(
      Optional<DeadLetter.Status> status, Optional<String> before, int limit) {
    FillingPage page = new FillingPage(limit);
    query(
        "select " + LetterRow.LISTED + newest(status, before, limit),
        Stream.concat(status.map(Enum::name).stream(), before.map(Storable::text).stream())
            .toList(),
        row -> page.add(LetterRow.listed(row)));
    return page.letters();
  }

  private static String newest(
      Optional<DeadLetter.Status> status, Optional<String> before, int limit) {
    return " from dead_letters where agent = ?"
        + (status.isPresent() ? " and status = ?" : "")
        + (before.isPresent() ? " and id collate \"C\" < ?" : "")
        + " order by id collate \"C\" desc limit "
        + limit;
  }

  @Override
  public Optional<DeadLetter> find(String id) {
    List<DeadLetter> letters = new ArrayList<>();
    query(
        "select " + LetterRow.COLUMNS + " from dead_letters where agent = ? and id = ?",
        List.of(Storable.text(id)),
        into(letters));
    return letters.stream().findFirst();
  }

  private static Reader into(List<DeadLetter> letters) {
    return row -> letters.add(LetterRow.read(row));
  }

  private interface Reader {
    /** Whether it wants another row. */
    boolean read(ResultSet row) throws SQLException;
  }

  /** Asks with this agent as the first value. Rows come a few at a time. */
  private void query(String sql, List<String> more, Reader reader) {
    inTransaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, agent);
            for (int i = 0; i < more.size(); i++) {
              select.setString(i + 2, more.get(i));
            }
            select.setFetchSize(ROWS_AT_ONCE);
            boolean wanted = true;
            try (ResultSet row = select.executeQuery()) {
              while (wanted && row.next()) {
                wanted = reader.read(row);
              }
            }
            return wanted;
          }
        });
  }

  @Override
  public boolean settle(String id, DeadLetter.Status status) {
    if (status == DeadLetter.Status.OPEN) {
      throw new IllegalArgumentException("a letter is settled as REPLAYED or DISCARDED");
    }
    return inTransaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update dead_letters set status = ?, settled_at = ?"
                      + " where agent = ? and id = ? and status = 'OPEN'")) {
            update.setString(1, status.name());
            update.setTimestamp(2, now());
            update.setString(3, agent);
            update.setString(4, Storable.text(id));
            return update.executeUpdate() == 1;
          }
        });
  }

  @Override
  public void failedAgain(String id, String reason, String detail) {
    inTransaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update dead_letters set reason = ?, detail = ?, attempts = attempts + 1,"
                      + " last_failed_at = ? where agent = ? and id = ? and status = 'OPEN'")) {
            update.setString(1, Storable.text(reason));
            update.setString(2, Storable.detail(detail));
            update.setTimestamp(3, now());
            update.setString(4, agent);
            update.setString(5, Storable.text(id));
            return update.executeUpdate();
          }
        });
  }

  @Override
  public long open() {
    return inTransaction(
        connection -> {
          try (PreparedStatement count =
              connection.prepareStatement(
                  "select count(*) from dead_letters where agent = ? and status = 'OPEN'")) {
            count.setString(1, agent);
            try (ResultSet row = count.executeQuery()) {
              return row.next() ? row.getLong(1) : 0L;
            }
          }
        });
  }

  private Timestamp now() {
    return Timestamp.from(clock.instant());
  }

  /** Does nothing: the data source belongs to whoever gave it. */
  @Override
  public void close() {}

  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private <T> T inTransaction(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      boolean before = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        expectSynchronous(connection);
        T result = work.with(connection);
        connection.commit();
        connection.setAutoCommit(before);
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw new DeadLetterException("the dead letters' database failed: " + reason(e), e);
    }
  }

  /** What it came from: a pool says only that it has no connection. */
  private static String reason(SQLException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  /** A commit is to mean that it is on the disk, whatever the session's setting was. */
  private static void expectSynchronous(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set local synchronous_commit = on");
    }
  }

  private static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
