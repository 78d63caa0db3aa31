package io.agentweave.pipeline.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Writes rows in groups of a bounded size, of which one is in memory at a time. */
final class ParquetRows extends WriteSupport<StoredRow> {
  /** The library's own 128 MiB are as much as storage has for everything. */
  static final long GROUP_BYTES = 8L << 20;

  /**
   * How many rows may come before the size of the group is looked at again. The library guesses
   * this from the rows before, and a large one may come after ten thousand small ones.
   */
  private static final int ROWS_UNWEIGHED = 10;

  private final MessageType schema;
  private @Nullable RecordConsumer to;

  private ParquetRows(MessageType schema) {
    this.schema = schema;
  }

  /** A writer of a file that is not there yet. */
  static ParquetWriter<StoredRow> open(MessageType schema, Path file) throws IOException {
    return new Builder(schema, new LocalOutputFile(file))
        .withCompressionCodec(CompressionCodecName.SNAPPY)
        .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_2_0)
        .withRowGroupSize(GROUP_BYTES)
        .withMinRowCountForPageSizeCheck(ROWS_UNWEIGHED)
        .withMaxRowCountForPageSizeCheck(ROWS_UNWEIGHED)
        .build();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract all the same
  public WriteContext init(Configuration configuration) {
    return new WriteContext(schema, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer consumer) {
    to = consumer;
  }

  @Override
  public void write(StoredRow row) {
    RecordConsumer out = Objects.requireNonNull(to);
    out.startMessage();
    text(out, "id", row.id());
    text(out, "type", row.type());
    out.startField("timestamp", schema.getFieldIndex("timestamp"));
    out.addLong(row.epochMicros());
    out.endField("timestamp", schema.getFieldIndex("timestamp"));
    text(out, "user_id", row.userId());
    String userName = row.userName();
    if (userName != null) {
      text(out, "user_name", userName);
    }
    text(out, "user_tier", row.userTier());
    text(out, "properties", row.properties());
    text(out, "source", row.source());
    text(out, "day_of_week", row.dayOfWeek());
    out.startField("hour", schema.getFieldIndex("hour"));
    out.addInteger(row.hour());
    out.endField("hour", schema.getFieldIndex("hour"));
    text(out, "version", row.version());
    out.endMessage();
  }

  private void text(RecordConsumer out, String column, String value) {
    int place = schema.getFieldIndex(column);
    out.startField(column, place);
    out.addBinary(Binary.fromString(value));
    out.endField(column, place);
  }

  private static final class Builder extends ParquetWriter.Builder<StoredRow, Builder> {
    private final MessageType schema;

    Builder(MessageType schema, OutputFile file) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected WriteSupport<StoredRow> getWriteSupport(Configuration configuration) {
      return new ParquetRows(schema);
    }
  }
}
