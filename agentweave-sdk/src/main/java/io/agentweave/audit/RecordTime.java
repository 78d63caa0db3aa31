package io.agentweave.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Times as {@code 2026-11-21T09:30:00.000123Z}, always six digits. Keeps the text of the current
 * second, since most records share it. For one thread at a time.
 */
final class RecordTime {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  private long second = Long.MIN_VALUE;
  private byte[] text = new byte[0];

  /** Valid until the next call. */
  byte[] text(Instant at) {
    if (at.getEpochSecond() != second) {
      second = at.getEpochSecond();
      text = (SECONDS.format(at) + ".000000Z").getBytes(StandardCharsets.US_ASCII);
    }
    int micros = at.getNano() / 1000;
    for (int i = text.length - 2; i > text.length - 8; i--) {
      text[i] = (byte) ('0' + micros % 10);
      micros /= 10;
    }
    return text;
  }
}
