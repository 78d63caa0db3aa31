package io.agentweave.pipeline.storage;

import static org.assertj.core.api.Assertions.assertThat;

import blue.strategic.parquet.ParquetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParquetPartTest {
  private static final int LARGE = 120_000;

  @TempDir private Path folder = Path.of("");

  /** Of letters that can't be compressed to much less. */
  private static StoredRow row(int number, int size, SplittableRandom random) {
    StringBuilder text = new StringBuilder(size);
    for (int i = 0; i < size; i++) {
      text.append((char) ('0' + random.nextInt(64)));
    }
    return new StoredRow(
        "e" + number,
        "page_view",
        OffsetDateTime.parse("2026-11-18T12:00:00Z"),
        "user-001",
        "Ada",
        "free",
        text.toString(),
        "web",
        "Wednesday",
        12,
        "1.0");
  }

  private Path written(int small, int large) throws IOException {
    Path file = folder.resolve("date=2026-11-18").resolve("part.parquet");
    SplittableRandom random = new SplittableRandom(7);
    try (ParquetPart part = ParquetPart.create(file)) {
      for (int i = 0; i < small + large; i++) {
        part.write(row(i, i < small ? 10 : LARGE, random));
      }
      part.finish();
    }
    return file;
  }

  /** So that of a batch of any size only so much is in memory: here 72 MB are written. */
  @Test
  void manyLargeRows_areWrittenInGroupsOfABoundedSize() throws IOException {
    Path file = written(3000, 600);
    long rows = 0;
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      assertThat(reader.getRowGroups())
          .hasSizeBetween(8, 20)
          .allMatch(group -> group.getTotalByteSize() < ParquetRows.GROUP_BYTES + 10 * LARGE);
      for (BlockMetaData group : reader.getRowGroups()) {
        rows += group.getRowCount();
      }
    }
    assertThat(rows).isEqualTo(3600);
    assertThat(Files.exists(file.resolveSibling(".part.parquet.unfinished"))).isFalse();
  }

  @Test
  void rows_areReadAsTheyWereWritten_acrossGroups() throws IOException {
    Path file = written(5, 100);
    try (Stream<String[]> read = ParquetReader.streamContentToStrings(file.toFile())) {
      String[] row = read.skip(103).findFirst().orElseThrow();
      assertThat(row)
          .contains("id=e103", "type=page_view", "user_id=user-001", "hour=12", "version=1.0")
          .contains("user_name=Ada", "user_tier=free", "source=web", "day_of_week=Wednesday");
    }
  }
}
