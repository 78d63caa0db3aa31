package io.agentweave.deadletter;

import io.agentweave.call.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request, or one event of a batch, that could not be processed.
 *
 * @param id sortable by time, unique (UUID version 7)
 * @param content the bytes as they arrived; may not be JSON at all
 * @param contentSha256 lower-case hex
 * @param stage the step that gave up, such as {@code validate}
 * @param reason error class as one word, such as {@code invalid} or {@code dependency_unavailable}
 * @param detail which fields were wrong or what failed; no payload values
 * @param origin who asked for it and under which decision
 * @param attempts how often processing was tried, the first time included
 */
public record DeadLetter(
    String id,
    Payload content,
    String contentSha256,
    String stage,
    String reason,
    String detail,
    Origin origin,
    int attempts,
    Instant firstFailedAt,
    Instant lastFailedAt,
    Status status) {

  /** Open: waiting. Replayed and discarded are final. */
  public enum Status {
    OPEN,
    REPLAYED,
    DISCARDED
  }

  /**
   * The call that brought the content.
   *
   * @param agent the agent that gave up
   * @param capability the capability to replay it with
   */
  public record Origin(
      String agent,
      String capability,
      String callerSpiffeId,
      String callerSvidSerial,
      String requestId,
      String decisionId,
      String policyRevision,
      @Nullable String traceId) {}
}
