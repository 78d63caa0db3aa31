package io.agentweave.agent;

import io.agentweave.call.Payload;
import io.agentweave.deadletter.DeadLetter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/** Makes dead letters of calls. */
final class DeadLetters {
  private static final SecureRandom RANDOM = new SecureRandom();

  private DeadLetters() {}

  static DeadLetter letter(
      String agent,
      RequestContext context,
      String capability,
      Payload content,
      String stage,
      String reason,
      String detail) {
    Instant now = Instant.now();
    return new DeadLetter(
        timeOrderedId(now),
        content,
        sha256(content),
        stage,
        reason,
        detail,
        new DeadLetter.Origin(
            agent,
            capability,
            context.caller().spiffeId().toString(),
            context.caller().svidSerial(),
            context.requestId(),
            context.permit().id(),
            context.permit().revision(),
            context.trace().traceId()),
        1,
        now,
        now,
        DeadLetter.Status.OPEN);
  }

  /** A UUID version 7 (RFC 9562 section 5.7). */
  private static String timeOrderedId(Instant now) {
    long random = RANDOM.nextLong();
    long high = (now.toEpochMilli() << 16) | 0x7000 | (random & 0xfff);
    long low = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  private static String sha256(Payload content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.bytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
