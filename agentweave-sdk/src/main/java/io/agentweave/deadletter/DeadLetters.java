package io.agentweave.deadletter;

import io.agentweave.call.Payload;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Makes new letters: gives them their id, hash and times. Safe for use by many threads. */
public final class DeadLetters {
  private static final int TICKS_PER_MILLI = 1 << 12;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final AtomicLong lastTick = new AtomicLong();

  public DeadLetters(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * An open letter about the first failed attempt, now.
   *
   * @param content the bytes as they arrived
   * @param stage the step that gave up, such as {@code validate}
   * @param reason error class as one word
   * @param detail what was wrong; no payload values; cut after 2048 characters
   */
  public DeadLetter letter(
      Payload content, String stage, String reason, String detail, DeadLetter.Origin origin) {
    Instant now = clock.instant();
    return new DeadLetter(
        newId(now),
        content,
        sha256(content.bytes()),
        stage,
        reason,
        detail,
        origin,
        1,
        now,
        now,
        DeadLetter.Status.OPEN);
  }

  /**
   * RFC 9562 section 5.7, with the 12 bits of {@code rand_a} as a clock fraction (section 6.2,
   * method 3), so that ids of one maker sort in the order they were made.
   */
  private String newId(Instant now) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    long ticks = micros * TICKS_PER_MILLI / 1000;
    long tick = lastTick.accumulateAndGet(ticks, (last, next) -> Math.max(next, last + 1));
    long high = (tick / TICKS_PER_MILLI) << 16 | 0x7000 | (tick % TICKS_PER_MILLI);
    long low = (random.nextLong() >>> 2) | (1L << 63);
    return new UUID(high, low).toString();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
