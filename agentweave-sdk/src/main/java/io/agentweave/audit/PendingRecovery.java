package io.agentweave.audit;

import io.agentweave.journal.AppendFile;
import io.agentweave.journal.Disk;
import io.agentweave.journal.Disk.OpenFile;
import io.agentweave.journal.LineScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Appends to the log what the process before died with: recorded, acknowledged, and in its {@link
 * PendingFile} only. Doing it twice does it once.
 *
 * @param link the last record of the log then
 * @param note what there is to say about it
 */
record PendingRecovery(ChainLink link, Optional<AuditEvent> note) {

  static PendingRecovery into(AppendFile file, ChainLink end, boolean expected, Disk disk)
      throws IOException {
    Path directory = file.path().resolveSibling("");
    try {
      Optional<PendingRecords> pending = PendingRecords.read(directory);
      if (pending.isPresent()) {
        return append(pending.get(), file, end, disk);
      }
      return new PendingRecovery(
          end,
          expected
              ? note("audit_pending_missing", "the file of pending records is gone")
              : Optional.empty());
    } catch (PendingRecords.DamagedException damaged) {
      String name = aside(end);
      disk.replace(directory.resolve(PendingFile.NAME), directory.resolve(name));
      return new PendingRecovery(
          end,
          note(
              "audit_pending_damaged",
              "the file of pending records is damaged and was moved to " + name));
    }
  }

  private static PendingRecovery append(
      PendingRecords pending, AppendFile file, ChainLink end, Disk disk) throws IOException {
    ChainLink link = end;
    int from = 0;
    int to = 0;
    RecordLine line = new RecordLine();
    try (LineScanner lines = pending.scanner()) {
      while (lines.next() && lines.terminated() && line.read(lines) == null) {
        int next = (int) (lines.offset() + lines.length() + 1);
        if (line.follows(link)) {
          link = line.link();
        } else if (to == from && line.sequence() <= end.sequence()) {
          from = next;
        } else {
          break;
        }
        to = next;
      }
    }
    if (to > from) {
      file.append(pending.lines(), from, to - from);
      file.force();
    }
    int rest = pending.lines().length - to;
    return new PendingRecovery(
        link, rest == 0 ? Optional.empty() : moveAside(pending.lines(), to, link, file, disk));
  }

  private static Optional<AuditEvent> moveAside(
      byte[] lines, int from, ChainLink link, AppendFile file, Disk disk) throws IOException {
    String name = aside(link);
    try (OpenFile aside = disk.open(file.path().resolveSibling(name))) {
      aside.truncate(0);
      aside.write(0, lines, from, lines.length - from);
      aside.force();
    }
    disk.forceDirectory(file.path().resolveSibling(""));
    return note(
        "audit_torn_tail",
        "%d bytes of pending records that do not go on with the log moved to %s"
            .formatted(lines.length - from, name));
  }

  private static String aside(ChainLink end) {
    return String.format(Locale.ROOT, "torn-%016d-pending.bin", end.sequence() + 1);
  }

  private static Optional<AuditEvent> note(String kind, String detail) {
    return Optional.of(new AuditEvent.Noticed(kind, detail, null));
  }
}
