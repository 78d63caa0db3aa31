package io.agentweave.client;

import io.grpc.Status;
import java.util.List;

/**
 * How HTTP/2 says that a request was not even looked at, so that trying again can do no harm: a
 * stream that is reset with REFUSED_STREAM, or one beyond the last that a GOAWAY without an error
 * names (RFC 9113, section 8.7).
 *
 * <p>gRPC tells its own retries so, and callers in words only. These are its words as of 1.85.
 */
final class RefusedStream {
  private static final List<String> WORDS =
      List.of(
          "RST_STREAM closed stream. HTTP/2 error code: REFUSED_STREAM",
          "Abrupt GOAWAY closed sent stream. HTTP/2 error code: NO_ERROR");

  private RefusedStream() {}

  /**
   * Whether the attempt ended so. Words of the target's handler, which may pass on what it was told
   * by somebody else after it has acted, are none of the transport's.
   */
  static boolean saidBy(Status status, Attempt attempt) {
    String description = status.getDescription();
    return status.getCode() == Status.Code.UNAVAILABLE
        && !attempt.answered()
        && description != null
        && WORDS.stream().anyMatch(description::startsWith);
  }
}
