package io.agentweave.audit;

import io.agentweave.journal.AppendFile;
import io.agentweave.journal.Disk;
import io.agentweave.journal.LineScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The end of a directory's chain, ready to be continued.
 *
 * @param file the file to append to; ends with a whole record
 * @param link the last record
 * @param signed the last record that HEAD knows of
 * @param notes what a crash had left behind it, now moved aside, and what else the log has to tell
 */
record ChainTail(AppendFile file, ChainLink link, long signed, List<AuditEvent> notes) {

  /**
   * Finds the end, beginning at HEAD, and repairs what a crash can do to it: the last file may end
   * in anything that is not the next record, and records may be among the pending ones only.
   *
   * @throws IOException also when something is gone that no crash takes away. The log is then left
   *     as it is, for a human to look at: going on would bury the evidence
   */
  static ChainTail find(Disk disk, Path directory, String agent) throws IOException {
    Optional<Head> stored = Head.read(directory);
    List<AuditFile> files = AuditFile.list(directory);
    if (stored.isEmpty() && !files.isEmpty()) {
      throw tampered(directory, "it has records but no " + Head.NAME + " file");
    }
    Head head = stored.orElseGet(() -> Head.origin(agent, directory));
    if (!head.agent().equals(agent)) {
      throw new IOException(
          "%s holds the audit log of %s: give %s a data directory of its own"
              .formatted(directory, head.agent(), agent));
    }
    if (stored.isEmpty()) {
      head.write(disk, directory);
    }
    ChainTail found =
        files.isEmpty() && head.sequence() == 0
            ? begin(disk, directory, head)
            : follow(disk, directory, head, files);
    try {
      return found.withPending(disk, head);
    } catch (IOException | RuntimeException e) {
      found.file.close();
      throw e;
    }
  }

  private ChainTail withPending(Disk disk, Head head) throws IOException {
    PendingRecovery recovery = PendingRecovery.into(file, link, head.pending(), disk);
    List<AuditEvent> all = new ArrayList<>(notes);
    recovery.note().ifPresent(all::add);
    return new ChainTail(file, recovery.link(), signed, all);
  }

  private static ChainTail begin(Disk disk, Path directory, Head head) throws IOException {
    AppendFile file = AppendFile.open(disk, AuditFile.startingAt(directory, 1).path());
    disk.forceDirectory(directory);
    return new ChainTail(file, head.link(), 0, List.of());
  }

  private static ChainTail follow(Disk disk, Path directory, Head head, List<AuditFile> files)
      throws IOException {
    List<AuditFile> rest =
        files.stream().dropWhile(file -> !file.name().equals(head.file())).toList();
    if (rest.isEmpty() || Files.size(rest.getFirst().path()) < head.end()) {
      throw tampered(directory, "records up to %d are missing".formatted(head.sequence()));
    }
    Scan scan = new Scan(head.link(), head.end());
    scan.run(rest.getFirst());
    for (int i = 1; i < rest.size(); i++) {
      AuditFile file = rest.get(i);
      if (scan.end < Files.size(rest.get(i - 1).path())
          || file.firstSequence() != scan.link.sequence() + 1) {
        throw tampered(directory, "the records before " + file.name() + " are damaged");
      }
      scan = new Scan(scan.link, 0);
      scan.run(file);
    }
    return repair(disk, directory, rest.getLast(), head, scan);
  }

  private static ChainTail repair(Disk disk, Path directory, AuditFile last, Head head, Scan scan)
      throws IOException {
    AppendFile file = AppendFile.open(disk, last.path());
    try {
      long torn = file.length() - scan.end;
      if (torn == 0) {
        return new ChainTail(file, scan.link, head.sequence(), List.of());
      }
      String name =
          String.format(Locale.ROOT, "torn-%016d-%d.bin", scan.link.sequence() + 1, scan.end);
      file.moveTailAside(disk, scan.end, directory.resolve(name));
      String said = "%d bytes of an unfinished write moved to %s".formatted(torn, name);
      AuditEvent note = new AuditEvent.Noticed("audit_torn_tail", said, null);
      return new ChainTail(file, scan.link, head.sequence(), List.of(note));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static IOException tampered(Path directory, String what) {
    return new IOException(
        "the audit log in %s was tampered with or its disk lost data: %s. Run `audit verify`, and move the directory aside to begin a new log"
            .formatted(directory, what));
  }

  /** Follows the chain as far as it goes. */
  static final class Scan {
    private final RecordLine line = new RecordLine();
    private ChainLink link;
    private long end;

    Scan(ChainLink link, long end) {
      this.link = link;
      this.end = end;
    }

    ChainLink link() {
      return link;
    }

    long end() {
      return end;
    }

    void run(AuditFile file) throws IOException {
      try (LineScanner lines = new LineScanner(file.read(end), end, RecordLine.LONGEST)) {
        while (lines.next()
            && lines.terminated()
            && line.read(lines) == null
            && line.follows(link)) {
          link = line.link();
          end = lines.offset() + lines.length() + 1;
        }
      }
    }
  }
}
