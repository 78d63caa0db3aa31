package io.agentweave.audit;

import io.agentweave.journal.LineScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds records in an audit directory, also while its agent writes, and those that it had recorded
 * and not yet put into a file. Passes over what is no record: whether anything was changed is
 * {@link AuditVerifier}'s question.
 */
public final class AuditReader {

  /** What a record can be found by. */
  public enum Id {
    REQUEST("request_id"),
    DECISION("decision_id"),
    TRACE("trace_id");

    private final String field;

    Id(String field) {
      this.field = field;
    }
  }

  private final Path directory;

  public AuditReader(Path directory) {
    this.directory = directory;
  }

  /** The records that carry this id, in order. An id holds letters, digits, dots and dashes. */
  public List<AuditRecord> find(Id kind, String id) throws IOException {
    byte[] wanted = "\"%s\":\"%s\"".formatted(kind.field, id).getBytes(StandardCharsets.UTF_8);
    // By number: what is pending may have come into a file meanwhile.
    Map<Long, AuditRecord> found = new LinkedHashMap<>();
    Consumer<LineScanner> keepWanted =
        line -> {
          if (contains(line, wanted)) {
            record(line)
                .filter(record -> carries(record, kind, id))
                .ifPresent(record -> found.putIfAbsent(record.sequence(), record));
          }
        };
    Optional<PendingRecords> pending = pending();
    for (AuditFile file : AuditFile.list(directory)) {
      lines(file, keepWanted);
    }
    if (pending.isPresent()) {
      lines(pending.get(), keepWanted);
    }
    return List.copyOf(found.values());
  }

  /** The last records, in order, at most so many. */
  public List<AuditRecord> last(int count) throws IOException {
    Deque<AuditRecord> last = new ArrayDeque<>();
    Optional<PendingRecords> pending = pending();
    for (AuditFile file : AuditFile.list(directory).reversed()) {
      Deque<AuditRecord> ofFile = new ArrayDeque<>();
      int missing = count - last.size();
      if (missing <= 0) {
        break;
      }
      lines(
          file,
          line ->
              record(line)
                  .ifPresent(
                      record -> {
                        ofFile.addLast(record);
                        if (ofFile.size() > missing) {
                          ofFile.removeFirst();
                        }
                      }));
      ofFile.descendingIterator().forEachRemaining(last::addFirst);
    }
    if (pending.isPresent()) {
      lines(pending.get(), line -> record(line).ifPresent(record -> addLater(last, record)));
    }
    while (last.size() > count) {
      last.removeFirst();
    }
    return List.copyOf(last);
  }

  private static void addLater(Deque<AuditRecord> last, AuditRecord record) {
    if (last.isEmpty() || record.sequence() > last.getLast().sequence()) {
      last.addLast(record);
    }
  }

  /** Follows the log's files from their present end on: a record comes when it is in one. */
  public AuditTail follow() throws IOException {
    return new AuditTail(directory);
  }

  private Optional<PendingRecords> pending() throws IOException {
    try {
      return PendingRecords.read(directory);
    } catch (PendingRecords.DamagedException noRecords) {
      return Optional.empty();
    }
  }

  private static void lines(PendingRecords pending, Consumer<LineScanner> each) throws IOException {
    try (LineScanner lines = pending.scanner()) {
      while (lines.next()) {
        each.accept(lines);
      }
    }
  }

  private static void lines(AuditFile file, Consumer<LineScanner> each) throws IOException {
    try (LineScanner lines = new LineScanner(file.read(0), 0, RecordLine.LONGEST)) {
      while (lines.next()) {
        each.accept(lines);
      }
    }
  }

  private static Optional<AuditRecord> record(LineScanner line) {
    return line.tooLong()
        ? Optional.empty()
        : RecordReader.read(line.buffer(), line.start(), line.end());
  }

  private static boolean carries(AuditRecord record, Id kind, String id) {
    return switch (record.entry()) {
      case AuditEvent.Decided event -> id.equals(idOf(event.subject(), event.decisionId(), kind));
      case AuditEvent.Ended event -> id.equals(idOf(event.subject(), event.decisionId(), kind));
      case AuditEvent.Noticed event -> false;
      case Checkpoint checkpoint -> false;
    };
  }

  private static @Nullable String idOf(
      AuditEvent.Subject subject, @Nullable String decisionId, Id kind) {
    return switch (kind) {
      case REQUEST -> subject.requestId();
      case DECISION -> decisionId;
      case TRACE -> subject.trace() == null ? null : subject.trace().traceId();
    };
  }

  private static boolean contains(LineScanner line, byte[] wanted) {
    byte[] bytes = line.buffer();
    int last = line.end() - wanted.length;
    for (int from = line.start(); from <= last; from++) {
      int i = 0;
      while (i < wanted.length && bytes[from + i] == wanted[i]) {
        i++;
      }
      if (i == wanted.length) {
        return true;
      }
    }
    return false;
  }
}
