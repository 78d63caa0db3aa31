package io.agentweave.pipeline.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parquet files, partitioned by the day of the event: {@code
 * date=YYYY-MM-DD/part-DATABASE-BATCH.parquet}. The name and the content follow from the batch, so
 * that a batch which was written but not taken out of the outbox is written over itself.
 */
final class Warehouse implements Destination {
  /** Rows in memory at a time: of the largest events, six megabytes. */
  private static final int FETCH = 50;

  private final Path directory;

  Warehouse(Path directory) {
    this.directory = directory;
  }

  @Override
  public Name name() {
    return Name.WAREHOUSE;
  }

  @Override
  public boolean endsWithTransaction() {
    return false;
  }

  @Override
  public void take(Connection connection, long batch, List<String> eventIds) throws SQLException {
    String fileName =
        String.format(Locale.ROOT, "part-%s-%012d.parquet", databaseId(connection), batch);
    try (PreparedStatement query =
        connection.prepareStatement(
            "select "
                + StoredRow.COLUMNS
                + "from events where id = any(?) order by (\"timestamp\" at time zone 'UTC')::date,"
                + " id")) {
      query.setArray(1, Outbox.ids(connection, eventIds));
      query.setFetchSize(FETCH);
      try (ResultSet rows = query.executeQuery()) {
        write(rows, fileName);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(ResultSet rows, String fileName) throws SQLException, IOException {
    @Nullable ParquetPart part = null;
    @Nullable LocalDate day = null;
    try {
      while (rows.next()) {
        StoredRow row = StoredRow.of(rows);
        if (part == null || !row.day().equals(day)) {
          if (part != null) {
            part.finish();
          }
          day = row.day();
          part = ParquetPart.create(directory.resolve("date=" + day).resolve(fileName));
        }
        part.write(row);
      }
      if (part != null) {
        part.finish();
      }
    } finally {
      if (part != null) {
        part.close();
      }
    }
  }

  private static String databaseId(Connection connection) throws SQLException {
    try (PreparedStatement query =
            connection.prepareStatement("select left(id::text, 8) from warehouse");
        ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getString(1);
    }
  }
}
