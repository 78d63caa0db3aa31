package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The user directory in the database. */
final class UserTable {
  private final Database database;

  UserTable(Database database) {
    this.database = database;
  }

  /** A line of a seed file. */
  record Row(String id, User user) {}

  /** Those of the users that there are, in one query. */
  Map<String, User> find(Collection<String> ids) {
    return database.query(
        connection -> {
          Map<String, User> found = new HashMap<>();
          try (PreparedStatement query =
              connection.prepareStatement(
                  "select id, name, tier, is_test from users where id = any(?)")) {
            query.setArray(1, connection.createArrayOf("text", ids.toArray(String[]::new)));
            try (ResultSet rows = query.executeQuery()) {
              while (rows.next()) {
                found.put(
                    rows.getString(1),
                    new User(
                        Optional.ofNullable(rows.getString(2)),
                        rows.getString(3),
                        rows.getBoolean(4)));
              }
            }
          }
          return found;
        });
  }

  /**
   * Fills an empty directory.
   *
   * @return false when it was not empty, and nothing changed
   */
  boolean fill(List<Row> rows) {
    return database.transaction(
        connection -> {
          if (!isEmpty(connection)) {
            return false;
          }
          try (PreparedStatement insert =
              connection.prepareStatement(
                  """
                  insert into users (id, name, tier, is_test) values (?, ?, ?, ?)
                  on conflict (id) do nothing
                  """)) {
            for (Row row : rows) {
              insert.setString(1, row.id());
              insert.setString(2, row.user().name().orElse(null));
              insert.setString(3, row.user().tier());
              insert.setBoolean(4, row.user().isTest());
              insert.addBatch();
            }
            insert.executeBatch();
          }
          return true;
        });
  }

  private static boolean isEmpty(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("select from users limit 1");
        ResultSet rows = query.executeQuery()) {
      return !rows.next();
    }
  }
}
