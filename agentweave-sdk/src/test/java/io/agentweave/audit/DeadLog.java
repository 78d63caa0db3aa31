package io.agentweave.audit;

import io.agentweave.journal.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The directories of agents that died, with records that had not come into a file. */
final class DeadLog {
  private static final TestSvid SVID = new TestSvid();

  private DeadLog() {}

  /** Leaves records where they are until it is told to append them. */
  static AuditSettings patient(Path directory) {
    return new AuditSettings(
        directory,
        Events.AGENT,
        64L << 20,
        Duration.ofHours(1),
        10_000,
        Duration.ofHours(1),
        Optional.empty());
  }

  static AuditSigner signer() {
    return SVID.signer(Events.AGENT.toString());
  }

  static FileAuditLog open(AuditSettings settings, Disk disk) throws IOException {
    return FileAuditLog.open(settings, signer(), disk, InstantSource.system());
  }

  static FileAuditLog open(Path directory) throws IOException {
    return open(patient(directory), Disk.local());
  }

  /**
   * A log whose checkpoint and HEAD are at its fourth record, with the fifth and sixth in the file,
   * and with the last three pending.
   */
  static void leave(Path directory, Path work) throws IOException {
    try (FileAuditLog log = open(work)) {
      record(log, 1, 3);
      log.checkpoint();
      record(log, 4, 5);
      log.append();
      record(log, 6, 8);
      copy(work, directory);
    }
  }

  private static void record(FileAuditLog log, int from, int to) {
    for (int i = from; i <= to; i++) {
      log.record(Events.decided(i));
    }
  }

  /** What another process would find if this one died now. */
  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  static AuditVerification verify(Path directory) throws IOException {
    return AuditVerifier.selfContained()
        .expectAgent(Events.AGENT)
        .expectAuthorities(List.of(SVID.authority()))
        .verify(directory);
  }

  static List<AuditEntry> entries(Path directory) throws IOException {
    return new AuditReader(directory)
        .last(Integer.MAX_VALUE).stream().map(AuditRecord::entry).toList();
  }
}
