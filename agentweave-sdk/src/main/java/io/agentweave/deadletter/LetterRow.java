package io.agentweave.deadletter;

import io.agentweave.call.Payload;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;

/** A letter as a row of the table {@code dead_letters}. */
final class LetterRow {
  /** Keeps agents that start together from creating the table at the same time. */
  static final String CREATE =
      """
      select pg_advisory_xact_lock(hashtext('agentweave.dead_letters'));
      create table if not exists dead_letters (
        id text primary key,
        agent text not null,
        content bytea not null,
        content_sha256 text not null,
        stage text not null,
        reason text not null,
        detail text not null,
        capability text not null,
        caller_spiffe_id text not null,
        caller_svid_serial text not null,
        request_id text not null,
        decision_id text not null,
        policy_revision text not null,
        trace_id text,
        attempts integer not null,
        first_failed_at timestamptz not null,
        last_failed_at timestamptz not null,
        status text not null check (status in ('OPEN', 'REPLAYED', 'DISCARDED')),
        settled_at timestamptz
      );
      create index if not exists dead_letters_of_agent on dead_letters (agent, status, id)
      """;

  static final String COLUMNS =
      """
      id, content, content_sha256, stage, reason, detail, agent, capability, caller_spiffe_id,
      caller_svid_serial, request_id, decision_id, policy_revision, trace_id, attempts,
      first_failed_at, last_failed_at, status
      """;

  /**
   * The same for {@link #listed}, with the size in place of the content, and no more of a detail
   * than tells that it is too long.
   */
  static final String LISTED =
      COLUMNS
              .replace(" content,", " ''::bytea,")
              .replace(" detail,", " left(detail, " + (Storable.LONGEST_DETAIL + 1) + "),")
          + ", octet_length(content)";

  static final String INSERT =
      "insert into dead_letters ("
          + COLUMNS
          + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private LetterRow() {}

  static void fill(PreparedStatement insert, DeadLetter letter) throws SQLException {
    DeadLetter.Origin origin = letter.origin();
    insert.setString(1, letter.id());
    insert.setBytes(2, letter.content().bytes());
    insert.setString(3, letter.contentSha256());
    insert.setString(4, letter.stage());
    insert.setString(5, letter.reason());
    insert.setString(6, letter.detail());
    insert.setString(7, origin.agent());
    insert.setString(8, origin.capability());
    insert.setString(9, origin.callerSpiffeId());
    insert.setString(10, origin.callerSvidSerial());
    insert.setString(11, origin.requestId());
    insert.setString(12, origin.decisionId());
    insert.setString(13, origin.policyRevision());
    insert.setString(14, origin.traceId());
    insert.setInt(15, letter.attempts());
    insert.setTimestamp(16, Timestamp.from(letter.firstFailedAt()));
    insert.setTimestamp(17, Timestamp.from(letter.lastFailedAt()));
    insert.setString(18, letter.status().name());
  }

  static ListedLetter listed(ResultSet row) throws SQLException {
    return new ListedLetter(read(row), row.getInt(19));
  }

  static DeadLetter read(ResultSet row) throws SQLException {
    return new DeadLetter(
        row.getString(1),
        Payload.ofJson(row.getBytes(2)),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        new DeadLetter.Origin(
            row.getString(7),
            row.getString(8),
            row.getString(9),
            row.getString(10),
            row.getString(11),
            row.getString(12),
            row.getString(13),
            row.getString(14)),
        row.getInt(15),
        row.getTimestamp(16).toInstant(),
        row.getTimestamp(17).toInstant(),
        DeadLetter.Status.valueOf(row.getString(18)));
  }
}
