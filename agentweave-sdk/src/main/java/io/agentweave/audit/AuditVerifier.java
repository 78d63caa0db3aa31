package io.agentweave.audit;

import io.agentweave.audit.AuditVerification.Broken;
import io.agentweave.identity.SpiffeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks an audit log from its files alone, in one pass and constant memory, also while its agent
 * writes. Of an agent that was killed it sees the records that had not come into a file, too.
 *
 * <p>What it finds: records that were edited, removed, inserted, repeated, reordered or taken from
 * another agent's log; files that are missing, renamed, swapped or replaced by an older copy; an
 * end cut off below HEAD; a chain that was recomputed but not signed again, up to the last
 * checkpoint.
 *
 * <p>What no check of the files alone can find: records after the last checkpoint that somebody
 * changed and chained anew, or cut off; and a whole directory put back to an earlier state, HEAD
 * included, unless {@link #expectReached} is told a later state from elsewhere. A checkpoint
 * carries its own certificate, so without {@link #expectAuthorities} a signature proves only that
 * all were made by the holder of some key with the agent's name in its certificate.
 */
public final class AuditVerifier {

  /** What the caller knows from elsewhere. */
  record Expected(
      Optional<SpiffeId> agent,
      Set<X509Certificate> authorities,
      Optional<ChainLink> reached,
      long firstSequence) {}

  private final Expected expected;

  private AuditVerifier(Expected expected) {
    this.expected = expected;
  }

  /** Checks what the files say about themselves. */
  public static AuditVerifier selfContained() {
    return new AuditVerifier(new Expected(Optional.empty(), Set.of(), Optional.empty(), 1));
  }

  /** Also asks that this agent wrote the log. */
  public AuditVerifier expectAgent(SpiffeId agent) {
    return new AuditVerifier(
        new Expected(
            Optional.of(agent), expected.authorities, expected.reached, expected.firstSequence));
  }

  /** Also asks that each checkpoint's certificate was issued under one of these. */
  public AuditVerifier expectAuthorities(Collection<X509Certificate> authorities) {
    return new AuditVerifier(
        new Expected(
            expected.agent, Set.copyOf(authorities), expected.reached, expected.firstSequence));
  }

  /**
   * Also asks that the log holds this record, known from a log line or an earlier check: finds a
   * whole directory that was put back to an older state.
   *
   * @param hash lower-case hex
   */
  public AuditVerifier expectReached(long sequence, String hash) {
    return new AuditVerifier(
        new Expected(
            expected.agent,
            expected.authorities,
            Optional.of(ChainLink.of(sequence, hash)),
            expected.firstSequence));
  }

  /** Lets the log begin with this record, because the files before were moved to an archive. */
  public AuditVerifier allowMissingBefore(long sequence) {
    return new AuditVerifier(
        new Expected(expected.agent, expected.authorities, expected.reached, sequence));
  }

  /**
   * Checks a directory, or one file of it, whose first record is then taken as following what came
   * before. Throws only when a file can't be read.
   */
  public AuditVerification verify(Path directoryOrFile) throws IOException {
    if (Files.isDirectory(directoryOrFile)) {
      return verifyDirectory(directoryOrFile);
    }
    Optional<AuditFile> file = AuditFile.of(directoryOrFile);
    if (file.isEmpty()) {
      return new Broken(
          "" + directoryOrFile.getFileName(),
          0,
          0,
          "an audit file is named audit-<16 digits>.jsonl");
    }
    Expected fromThere =
        new Expected(
            expected.agent, expected.authorities, expected.reached, file.get().firstSequence());
    return new ChainCheck(fromThere, Optional.empty(), Optional.empty()).run(List.of(file.get()));
  }

  private AuditVerification verifyDirectory(Path directory) throws IOException {
    // HEAD first, then what is pending: the log may grow while it is read, but neither is ahead of
    // the files that are read after it.
    Optional<Head> head;
    try {
      head = Head.read(directory);
    } catch (IOException damaged) {
      return new Broken(Head.NAME, 0, 0, "HEAD is damaged");
    }
    if (head.isEmpty()) {
      return new Broken(Head.NAME, 0, 0, "HEAD is missing");
    }
    String agent = head.get().agent();
    if (expected.agent.filter(wanted -> !wanted.toString().equals(agent)).isPresent()) {
      return new Broken(Head.NAME, 0, 0, "the log belongs to " + agent);
    }
    Optional<PendingRecords> pending;
    try {
      pending = PendingRecords.read(directory);
    } catch (PendingRecords.DamagedException damaged) {
      return new Broken(PendingFile.NAME, 0, 0, "the file of pending records is damaged");
    }
    if (pending.isEmpty() && head.get().pending()) {
      return new Broken(PendingFile.NAME, 0, 0, "the file of pending records is missing");
    }
    return new ChainCheck(expected, head, pending).run(AuditFile.list(directory));
  }
}
