package io.agentweave.audit;

import io.agentweave.journal.LineScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A place in a growing log that moves on with each look. For one thread at a time. */
public final class AuditTail {
  private final Path directory;
  private long firstSequence;
  private long offset;

  AuditTail(Path directory) throws IOException {
    this.directory = directory;
    List<AuditFile> files = AuditFile.list(directory);
    if (!files.isEmpty()) {
      this.firstSequence = files.getLast().firstSequence();
      this.offset = Files.size(files.getLast().path());
    }
  }

  /** The records that were written since the last look; empty when there are none yet. */
  public List<AuditRecord> next() throws IOException {
    List<AuditRecord> records = new ArrayList<>();
    for (AuditFile file : AuditFile.list(directory)) {
      if (file.firstSequence() >= firstSequence) {
        offset = file.firstSequence() == firstSequence ? offset : 0;
        firstSequence = file.firstSequence();
        read(file, records);
      }
    }
    return records;
  }

  private void read(AuditFile file, List<AuditRecord> into) throws IOException {
    try (LineScanner lines = new LineScanner(file.read(offset), offset, RecordLine.LONGEST)) {
      while (lines.next() && lines.terminated()) {
        RecordReader.read(lines.buffer(), lines.start(), lines.end()).ifPresent(into::add);
        offset = lines.offset() + lines.length() + 1;
      }
    }
  }
}
