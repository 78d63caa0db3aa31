package io.agentweave.pipeline.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * A bounded pool of connections. It opens without a database being there, and finds it again by
 * itself when it was gone. Safe for use by many threads.
 */
public final class Database implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration STATEMENT = Duration.ofSeconds(20);

  private final HikariDataSource pool;
  private final String owner;

  private Database(HikariDataSource pool, String owner) {
    this.pool = pool;
    this.owner = owner;
  }

  /**
   * Opens the pool; connects when it is first used.
   *
   * @param owner the agent, which names the connections and the table of its migrations
   */
  public static Database open(String owner, DatabaseSection section) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(owner);
    config.setJdbcUrl(section.url());
    config.setUsername(section.user());
    config.setPassword(section.password().reveal());
    config.setMaximumPoolSize(section.poolSize());
    config.setMinimumIdle(1);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(CONNECT.toMillis());
    config.setValidationTimeout(CONNECT.toMillis() / 2);
    config.addDataSourceProperty("ApplicationName", owner);
    config.addDataSourceProperty("connectTimeout", CONNECT.toSeconds());
    config.addDataSourceProperty("socketTimeout", STATEMENT.plus(CONNECT).toSeconds());
    config.addDataSourceProperty("tcpKeepAlive", true);
    config.addDataSourceProperty("options", "-c statement_timeout=" + STATEMENT.toMillis());
    return new Database(new HikariDataSource(config), owner);
  }

  /**
   * Brings the owner's tables up to date, from the migrations in {@code db/OWNER} on the class
   * path. Waits up to half a minute for the database to be there.
   *
   * @throws IllegalStateException when it isn't, or a migration fails
   */
  public void migrate() {
    try {
      Flyway.configure(Database.class.getClassLoader())
          .dataSource(pool)
          .locations("classpath:db/" + owner)
          .table("migrations_" + owner)
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .connectRetries(5)
          .connectRetriesInterval(5)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new IllegalStateException(
          "the database at %s is not there or can't be migrated: %s"
              .formatted(pool.getJdbcUrl(), reason(e)),
          e);
    }
  }

  /** The first line of the innermost cause: what driver, TLS or server said. */
  private static String reason(Throwable e) {
    Throwable innermost = e;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return String.valueOf(innermost.getMessage()).lines().findFirst().orElse("no reason given");
  }

  /** What runs on a connection. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /**
   * Runs {@code work} in one transaction. It is committed, durably, when this returns.
   *
   * @throws DatabaseException when the database does not; what {@code work} throws also rolls back
   */
  public <T> T transaction(Work<T> work) {
    try (Connection connection = pool.getConnection()) {
      boolean done = false;
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        connection.commit();
        done = true;
        return result;
      } finally {
        if (!done) {
          rollBack(connection);
        }
      }
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /**
   * Runs one query, without the round trips that begin and end a transaction.
   *
   * @throws DatabaseException when the database does not
   */
  public <T> T query(Work<T> work) {
    try (Connection connection = pool.getConnection()) {
      return work.in(connection);
    } catch (SQLException e) {
      throw DatabaseException.of(e);
    }
  }

  /** For what wants connections of its own. */
  public DataSource dataSource() {
    return pool;
  }

  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // the connection is dead, and its transaction with it
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
