package io.agentweave.audit;

import io.agentweave.journal.LineScanner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a line of the log says about its place in the chain, read from its fixed beginning and end
 * without parsing the rest: {@code
 * {"seq":N,"time":"…","agent":"…","event":"…",…,"prev":"…","hash":"…"}}.
 */
final class RecordLine {
  /** More than any record can have; a longer line is not one. */
  static final int LONGEST = 1 << 20;

  private static final byte[] BEGIN = ascii("{\"seq\":");
  private static final byte[] TIME = ascii(",\"time\":\"");
  private static final byte[] AGENT = ascii("\",\"agent\":\"");
  private static final byte[] EVENT = ascii("\",\"event\":\"");
  private static final byte[] CHECKPOINT = ascii("checkpoint\"");
  private static final int TIME_LENGTH = "2026-11-21T09:30:00.000123Z".length();
  private static final byte[] PREV = ascii(",\"prev\":\"");
  private static final byte[] HASH = ascii("\",\"hash\":\"");
  private static final byte[] END = ascii("\"}");
  private static final int HEX = 64;
  private static final int TAIL = PREV.length + HEX + HASH.length + HEX + END.length;

  private final MessageDigest sha256 = sha256();

  private byte[] bytes = new byte[0];
  private int agentAt;
  private long sequence;
  private byte[] previous = new byte[0];
  private byte[] hash = new byte[0];

  /**
   * Reads the line that the scanner stands on, and checks it against its own hash.
   *
   * @return what is wrong with it, or null
   */
  @Nullable String read(LineScanner line) {
    return line.tooLong()
        ? "the line is longer than any record"
        : read(line.buffer(), line.start(), line.end());
  }

  private @Nullable String read(byte[] bytes, int start, int end) {
    int prevAt = end - TAIL;
    int prevHex = prevAt + PREV.length;
    int hashAt = prevHex + HEX;
    int hashHex = hashAt + HASH.length;
    if (prevAt < start + BEGIN.length
        || !at(bytes, start, BEGIN)
        || !at(bytes, prevAt, PREV)
        || !at(bytes, hashAt, HASH)
        || !at(bytes, end - END.length, END)) {
      return "the line is not a record";
    }
    byte[] statedPrevious = hex(bytes, prevHex);
    byte[] statedHash = hex(bytes, hashHex);
    int numberAt = start + BEGIN.length;
    int digits = digits(bytes, numberAt);
    int timeAt = numberAt + digits;
    int agentKey = timeAt + TIME.length + TIME_LENGTH;
    if (statedPrevious == null
        || statedHash == null
        || digits == 0
        || !at(bytes, timeAt, TIME)
        || !at(bytes, agentKey, AGENT)) {
      return "the line is not a record";
    }
    this.bytes = bytes;
    agentAt = agentKey + AGENT.length;
    sequence = number(bytes, numberAt, digits);
    previous = statedPrevious;
    hash = statedHash;
    sha256.update(bytes, start, hashAt + 1 - start);
    return MessageDigest.isEqual(sha256.digest(), hash)
        ? null
        : "the record was changed: its contents do not have its hash";
  }

  long sequence() {
    return sequence;
  }

  /** Whether it names this agent. Asked before the scanner goes on. */
  boolean isBy(byte[] agent) {
    return at(bytes, agentAt, agent) && at(bytes, agentAt + agent.length, EVENT);
  }

  /** Whether it is a checkpoint of this agent. Asked before the scanner goes on. */
  boolean isCheckpointBy(byte[] agent) {
    return isBy(agent) && at(bytes, agentAt + agent.length + EVENT.length, CHECKPOINT);
  }

  boolean follows(ChainLink link) {
    return sequence == link.sequence() + 1 && Arrays.equals(previous, link.rawHash());
  }

  byte[] previous() {
    return previous;
  }

  ChainLink link() {
    return new ChainLink(sequence, hash);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static boolean at(byte[] bytes, int from, byte[] expected) {
    return from + expected.length <= bytes.length
        && Arrays.equals(bytes, from, from + expected.length, expected, 0, expected.length);
  }

  /** Lower case only, as it was written: an upper-case digit is a change. */
  private static byte @Nullable [] hex(byte[] bytes, int from) {
    byte[] value = new byte[HEX / 2];
    for (int i = 0; i < value.length; i++) {
      int high = digit(bytes[from + 2 * i]);
      int low = digit(bytes[from + 2 * i + 1]);
      if ((high | low) < 0) {
        return null;
      }
      value[i] = (byte) (high << 4 | low);
    }
    return value;
  }

  private static int digit(byte b) {
    return HexFormat.isHexDigit(b) && (b < 'A' || b > 'F') ? HexFormat.fromHexDigit(b) : -1;
  }

  private static int digits(byte[] bytes, int from) {
    int count = 0;
    while (count < 18 && bytes[from + count] >= '0' && bytes[from + count] <= '9') {
      count++;
    }
    return count;
  }

  private static long number(byte[] bytes, int from, int digits) {
    long value = 0;
    for (int i = from; i < from + digits; i++) {
      value = 10 * value + bytes[i] - '0';
    }
    return value;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
