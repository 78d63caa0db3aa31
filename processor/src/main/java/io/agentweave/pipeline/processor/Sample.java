package io.agentweave.pipeline.processor;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A share of all events, chosen by their ids alone: the first 8 bytes of the id's SHA-256, read as
 * a fraction of 2^64, lie below the rate. So an event falls the same way each time, everywhere, and
 * what a smaller rate holds a larger one holds too.
 */
final class Sample {
  private static final double RANGE = 0x1p64;

  private final double rate;

  Sample(double rate) {
    this.rate = rate;
  }

  boolean holds(String eventId) {
    if (rate >= 1) {
      return true;
    }
    return place(eventId) < rate;
  }

  /** From 0 to 1. */
  private static double place(String eventId) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long first =
          ByteBuffer.wrap(digest.digest(eventId.getBytes(StandardCharsets.UTF_8))).getLong();
      return new BigDecimal(Long.toUnsignedString(first)).doubleValue() / RANGE;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
