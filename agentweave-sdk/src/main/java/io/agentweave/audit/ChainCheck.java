package io.agentweave.audit;

import io.agentweave.audit.AuditVerification.Broken;
import io.agentweave.audit.AuditVerification.Intact;
import io.agentweave.journal.LineScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One pass over the files of a log, up to the first thing that is wrong. */
final class ChainCheck {
  private final AuditVerifier.Expected expected;
  private final Optional<Head> head;
  private final Optional<PendingRecords> pending;
  private final CheckpointCheck checkpoints;
  private final RecordLine line = new RecordLine();

  private byte @Nullable [] agent;
  private @Nullable ChainLink link;
  private AuditFile file = new AuditFile(java.nio.file.Path.of(""), 0);
  private long lineNumber;
  private long records;
  private long signedUpTo;
  private long unfinished;

  /**
   * @param pending read before the list of files was
   */
  ChainCheck(
      AuditVerifier.Expected expected, Optional<Head> head, Optional<PendingRecords> pending) {
    this.expected = expected;
    this.head = head;
    this.pending = pending;
    this.checkpoints = new CheckpointCheck(expected.authorities());
    expected.agent().ifPresent(id -> isBy(id.toString()));
    head.ifPresent(known -> isBy(known.agent()));
    if (expected.firstSequence() == 1) {
      head.ifPresent(known -> link = ChainLink.origin(known.agent()));
    }
  }

  private void isBy(String name) {
    agent = name.getBytes(StandardCharsets.UTF_8);
  }

  AuditVerification run(List<AuditFile> files) throws IOException {
    Broken broken = null;
    for (int i = 0; i < files.size() && broken == null; i++) {
      broken = check(files.get(i), i == files.size() - 1);
    }
    broken = broken == null && pending.isPresent() ? check(pending.get()) : broken;
    broken = broken == null ? cutOff() : broken;
    if (broken != null) {
      return broken;
    }
    ChainLink end = link == null ? new ChainLink(expected.firstSequence() - 1, new byte[0]) : link;
    return new Intact(
        records,
        files.size(),
        expected.firstSequence(),
        end.sequence(),
        end.hash(),
        signedUpTo,
        unfinished);
  }

  private @Nullable Broken check(AuditFile next, boolean last) throws IOException {
    file = next;
    lineNumber = 0;
    long wanted = link == null ? expected.firstSequence() : link.sequence() + 1;
    if (next.firstSequence() != wanted) {
      return new Broken(
          next.name(),
          0,
          wanted,
          next.firstSequence() > wanted
              ? missing(wanted, next.firstSequence() - 1)
              : "the file begins with records that others hold already");
    }
    try (LineScanner lines = new LineScanner(next.read(0), 0, RecordLine.LONGEST)) {
      while (lines.next()) {
        lineNumber++;
        if (!lines.terminated() && last) {
          unfinished = lines.length();
          return null;
        }
        long sequence = nextSequence();
        String wrong = lines.terminated() ? check(lines) : "the line has no end";
        if (wrong != null) {
          return new Broken(file.name(), lineNumber, sequence, wrong);
        }
        records++;
      }
    }
    return last || lineNumber > 0 ? null : new Broken(next.name(), 0, wanted, "the file is empty");
  }

  /** What is pending goes on where the files end; it may begin with records that they hold. */
  private @Nullable Broken check(PendingRecords pending) throws IOException {
    long lineOfPending = 0;
    try (LineScanner lines = pending.scanner()) {
      while (lines.next()) {
        lineOfPending++;
        long sequence = nextSequence();
        String wrong = lines.terminated() ? line.read(lines) : "the line has no end";
        if (wrong == null && line.sequence() < sequence) {
          continue;
        }
        ChainLink before = link;
        wrong = wrong == null ? check(lines) : wrong;
        if (wrong != null && !pending.exact()) {
          link = before;
          unfinished += pending.lines().length - lines.offset();
          return null;
        }
        if (wrong != null) {
          return new Broken(PendingFile.NAME, lineOfPending, sequence, wrong);
        }
        records++;
      }
    }
    return null;
  }

  private long nextSequence() {
    return link == null ? expected.firstSequence() : link.sequence() + 1;
  }

  private @Nullable String check(LineScanner lines) {
    String wrong = line.read(lines);
    if (wrong != null) {
      return wrong;
    }
    if (agent == null) {
      RecordReader.read(lines.buffer(), lines.start(), lines.end())
          .ifPresent(record -> isBy(record.agent()));
    }
    ChainLink before =
        link == null ? new ChainLink(expected.firstSequence() - 1, line.previous()) : link;
    byte[] name = agent;
    wrong = name == null || !line.isBy(name) ? "the record is another agent's" : place(before);
    if (wrong == null && name != null && line.isCheckpointBy(name)) {
      wrong = checkpoints.check(lines, before);
      signedUpTo = before.sequence();
    }
    link = line.link();
    return wrong == null ? known(line.link()) : wrong;
  }

  private @Nullable String place(ChainLink before) {
    if (line.follows(before)) {
      return null;
    }
    long wanted = before.sequence() + 1;
    if (line.sequence() == wanted) {
      return "the record does not follow the one before it: one of them was replaced";
    }
    return line.sequence() > wanted
        ? missing(wanted, line.sequence() - 1)
        : "record " + line.sequence() + " is out of order or here a second time";
  }

  /** Compares with what HEAD and the caller know of this record. */
  private @Nullable String known(ChainLink here) {
    if (head.filter(known -> differs(known.link(), here)).isPresent()) {
      return "the record is not the one that HEAD knows";
    }
    return expected.reached().filter(known -> differs(known, here)).isPresent()
        ? "the record is not the one that was expected"
        : null;
  }

  private static boolean differs(ChainLink known, ChainLink here) {
    return known.sequence() == here.sequence() && !known.hash().equals(here.hash());
  }

  private @Nullable Broken cutOff() {
    long reached = nextSequence() - 1;
    long known =
        Math.max(
            head.map(Head::sequence).orElse(0L),
            expected.reached().map(ChainLink::sequence).orElse(0L));
    return known > reached
        ? new Broken(file.name(), lineNumber + 1, reached + 1, missing(reached + 1, known))
        : null;
  }

  private static String missing(long from, long to) {
    return from == to
        ? "record %d is missing".formatted(from)
        : "records %d to %d are missing".formatted(from, to);
  }
}
