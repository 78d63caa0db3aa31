package io.agentweave.pipeline.storage;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/**
 * One Parquet file that is being written. It has its final name only when it is complete and
 * durable, and then replaces an earlier one of the same name. Closing it before that gives it up.
 */
final class ParquetPart implements AutoCloseable {
  private static final LogicalTypeAnnotation TEXT = LogicalTypeAnnotation.stringType();
  private static final MessageType SCHEMA =
      Types.buildMessage()
          .required(BINARY)
          .as(TEXT)
          .named("id")
          .required(BINARY)
          .as(TEXT)
          .named("type")
          .required(INT64)
          .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
          .named("timestamp")
          .required(BINARY)
          .as(TEXT)
          .named("user_id")
          .optional(BINARY)
          .as(TEXT)
          .named("user_name")
          .required(BINARY)
          .as(TEXT)
          .named("user_tier")
          .required(BINARY)
          .as(TEXT)
          .named("properties")
          .required(BINARY)
          .as(TEXT)
          .named("source")
          .required(BINARY)
          .as(TEXT)
          .named("day_of_week")
          .required(INT32)
          .named("hour")
          .required(BINARY)
          .as(TEXT)
          .named("version")
          .named("event");

  private final Path file;
  private final Path unfinished;
  private final ParquetWriter<StoredRow> writer;
  private boolean closed;

  private ParquetPart(Path file, Path unfinished, ParquetWriter<StoredRow> writer) {
    this.file = file;
    this.unfinished = unfinished;
    this.writer = writer;
  }

  static ParquetPart create(Path file) throws IOException {
    Path folder = file.resolveSibling(".");
    boolean isNew = !Files.isDirectory(folder);
    Files.createDirectories(folder);
    if (isNew) {
      sync(folder.resolve("..").normalize());
    }
    Path unfinished = file.resolveSibling("." + file.getFileName() + ".unfinished");
    Files.deleteIfExists(unfinished);
    return new ParquetPart(file, unfinished, ParquetRows.open(SCHEMA, unfinished));
  }

  void write(StoredRow row) throws IOException {
    writer.write(row);
  }

  /** Completes the file, makes it durable and gives it its name. */
  void finish() throws IOException {
    closed = true;
    writer.close();
    try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(file.resolveSibling("."));
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      writer.close();
      Files.deleteIfExists(unfinished);
    }
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }
}
