package io.agentweave.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.journal.Disk;
import io.agentweave.journal.Disk.OpenFile;
import io.agentweave.journal.JsonLine;
import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How far an audit log had come when it was last forced to the disk and signed: kept in a file of
 * its own, so that a log that ends earlier gives itself away.
 *
 * @param file the name of the file that holds the record
 * @param end where in that file the record ends
 * @param pending whether the log has a {@link PendingFile}, which then nothing but tampering takes
 *     away
 */
record Head(String agent, long sequence, String hash, String file, long end, boolean pending) {
  static final String NAME = "HEAD";
  private static final int HASH_LENGTH = 64;

  /** More than any HEAD has; of a longer file the rest is not even read. */
  private static final int LONGEST = 1 << 16;

  static Head origin(String agent, Path directory) {
    String file = AuditFile.startingAt(directory, 1).name();
    return new Head(agent, 0, ChainLink.origin(agent).hash(), file, 0, false);
  }

  ChainLink link() {
    return ChainLink.of(sequence, hash);
  }

  /**
   * The directory's HEAD, or empty when it has none.
   *
   * @throws IOException when it can't be read or makes no sense
   */
  static Optional<Head> read(Path directory) throws IOException {
    byte[] text;
    try (InputStream in = PlainFile.open(directory.resolve(NAME))) {
      text = in.readNBytes(LONGEST);
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
    JsonNode json = RecordReader.tree(text, 0, text.length);
    String hash = json.path("hash").asText();
    if (!json.path("seq").canConvertToLong()
        || !json.path("end").canConvertToLong()
        || !json.path("agent").isTextual()
        || !json.path("file").isTextual()
        || hash.length() != HASH_LENGTH
        || !hash.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IOException(directory.resolve(NAME) + " is damaged");
    }
    return Optional.of(
        new Head(
            json.path("agent").asText(),
            json.path("seq").asLong(),
            hash,
            json.path("file").asText(),
            json.path("end").asLong(),
            json.path("pending").asBoolean()));
  }

  /** Puts this in place of the directory's HEAD, durably. */
  void write(Disk disk, Path directory) throws IOException {
    Path next = directory.resolve(NAME + ".next");
    JsonLine line = new JsonLine();
    line.open().field("agent", agent).field("seq", sequence).field("hash", hash);
    line.field("file", file).field("end", end).field("pending", pending).close();
    try (OpenFile target = disk.open(next)) {
      target.truncate(0);
      target.write(0, line.bytes(), 0, line.size());
      target.force();
    }
    disk.replace(next, directory.resolve(NAME));
  }
}
