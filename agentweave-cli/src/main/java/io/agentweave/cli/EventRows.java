package io.agentweave.cli;

import io.agentweave.local.RunningMesh;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The rows of the database, asked of the database itself. */
final class EventRows {
  private EventRows() {}

  static long count(RunningMesh mesh) {
    try (Connection connection = mesh.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("select count(*) from events")) {
      result.next();
      return result.getLong(1);
    } catch (SQLException e) {
      throw new Failure(
          ExitCode.FAILED, "the mesh's database can't be asked: " + e.getMessage(), e);
    }
  }
}
