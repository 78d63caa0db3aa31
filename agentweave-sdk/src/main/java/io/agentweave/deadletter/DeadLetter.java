package io.agentweave.deadletter;

import io.agentweave.call.Payload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request, or one event of a batch, that could not be processed.
 *
 * @param id sortable by time, unique (UUID version 7)
 * @param content the bytes as they arrived; may not be JSON at all
 * @param contentSha256 lower-case hex
 * @param stage the step that gave up, such as {@code validate}
 * @param reason error class as one word, such as {@code invalid} or {@code dependency_unavailable}
 * @param detail which fields were wrong or what failed; no payload values; what is longer than 2048
 *     characters is cut and ends with three dots
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

  /** Text is kept as every store can hold it, and times to the microsecond. */
  public DeadLetter {
    Objects.requireNonNull(status, "status");
    stage = Storable.text(stage);
    reason = Storable.text(reason);
    detail = Storable.detail(detail);
    firstFailedAt = firstFailedAt.truncatedTo(ChronoUnit.MICROS);
    lastFailedAt = lastFailedAt.truncatedTo(ChronoUnit.MICROS);
  }

  DeadLetter with(Status other) {
    return new DeadLetter(
        id,
        content,
        contentSha256,
        stage,
        reason,
        detail,
        origin,
        attempts,
        firstFailedAt,
        lastFailedAt,
        other);
  }

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
      @Nullable String traceId) {

    public Origin {
      agent = Storable.text(agent);
      capability = Storable.text(capability);
      callerSpiffeId = Storable.text(callerSpiffeId);
      callerSvidSerial = Storable.text(callerSvidSerial);
      requestId = Storable.text(requestId);
      decisionId = Storable.text(decisionId);
      policyRevision = Storable.text(policyRevision);
      traceId = traceId == null ? null : Storable.text(traceId);
    }
  }
}
