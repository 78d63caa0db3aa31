package io.agentweave.deadletter;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.agentweave.call.Payload;
import io.agentweave.deadletter.IndexedLetter.Place;
import io.agentweave.journal.JsonLine;
import io.agentweave.journal.LineScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One line of the dead-letter journal: {@code {"n":…,"op":…,…,"crc":"…"}}, where {@code crc} is
 * CRC-32C over the bytes before it.
 *
 * @param number of the change it belongs to, counting up by one
 */
record LetterLine(long number, Change change) {
  private static final int CRC_SUFFIX = ",\"crc\":\"00000000\"}".length();

  /** The bytes of a letter's line behind its content. */
  static final int AFTER_CONTENT = 1 + CRC_SUFFIX + 1;

  private static final byte[] CONTENT = ",\"content\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** What happened. */
  sealed interface Change {}

  /**
   * A letter came in.
   *
   * @param left how many more letters of the same change follow
   */
  record Added(IndexedLetter letter, int left) implements Change {}

  record Settled(String id, DeadLetter.Status status, Instant at) implements Change {}

  /**
   * @param line where in the file this line is
   */
  record FailedAgain(String id, String reason, String detail, Instant at, Place line)
      implements Change {}

  static void settled(JsonLine line, long number, Settled change) {
    int start = open(line, number, "settle");
    line.field("id", change.id()).field("status", change.status().name());
    line.field("at", change.at().toString());
    close(line, start);
  }

  /**
   * @param base a position in the file: where the first byte of {@code line} will be
   */
  static FailedAgain failedAgain(
      JsonLine line, long base, long number, String id, String reason, String detail, Instant at) {
    int start = open(line, number, "failed_again");
    line.field("id", id).field("reason", reason);
    line.field("detail", detail).field("at", at.toString());
    close(line, start);
    return new FailedAgain(id, reason, detail, at, new Place(base + start, line.size() - start));
  }

  /**
   * Writes a letter.
   *
   * @param base a position in the file: where the first byte of {@code line} will be
   * @return the letter as it can be found there
   */
  static IndexedLetter added(
      JsonLine line,
      long base,
      long number,
      int left,
      DeadLetter letter,
      @Nullable Instant settledAt) {
    int start = open(line, number, "add");
    DeadLetter.Origin origin = letter.origin();
    line.field("left", left).field("id", letter.id());
    line.field("sha256", letter.contentSha256()).field("stage", letter.stage());
    line.field("reason", letter.reason()).field("detail", letter.detail());
    line.field("agent", origin.agent()).field("capability", origin.capability());
    line.field("caller", origin.callerSpiffeId());
    line.field("caller_svid_serial", origin.callerSvidSerial());
    line.field("request_id", origin.requestId()).field("decision_id", origin.decisionId());
    line.field("policy_revision", origin.policyRevision()).field("trace_id", origin.traceId());
    line.field("attempts", letter.attempts());
    line.field("first_failed_at", letter.firstFailedAt().toString());
    line.field("last_failed_at", letter.lastFailedAt().toString());
    line.field("status", letter.status().name());
    line.field("settled_at", settledAt == null ? null : settledAt.toString());
    byte[] base64 = Base64.getEncoder().encode(letter.content().bytes());
    line.plainField("content", base64);
    int head = line.size() - base64.length - 1 - start;
    close(line, start);
    return new IndexedLetter(
        id(letter.id()),
        letter.status(),
        settledAt,
        new Place(base + start, head),
        letter.content().size(),
        0,
        Place.NONE);
  }

  private static int open(JsonLine line, long number, String operation) {
    int start = line.size();
    line.open().field("n", number).field("op", operation);
    return start;
  }

  private static void close(JsonLine line, int start) {
    CRC32C crc = new CRC32C();
    crc.update(line.bytes(), start, line.size() - start);
    line.field("crc", HexFormat.of().toHexDigits((int) crc.getValue())).close();
  }

  /** The line that the scanner stands on, or empty when it is damaged. Never throws. */
  static Optional<LetterLine> read(LineScanner line) {
    if (!line.terminated() || line.tooLong() || !crcIsRight(line)) {
      return Optional.empty();
    }
    try {
      int contentAt = contentAt(line);
      JsonNode json = parse(line, contentAt);
      return Optional.of(
          new LetterLine(json.required("n").longValue(), change(json, line, contentAt)));
    } catch (IOException | RuntimeException damaged) {
      return Optional.empty();
    }
  }

  /** The line without its content, which may be too big for a string, and without its crc. */
  private static JsonNode parse(LineScanner line, int contentAt) throws IOException {
    int end = contentAt < 0 ? line.end() - CRC_SUFFIX : contentAt - CONTENT.length;
    return parse(line.buffer(), line.start(), end);
  }

  private static JsonNode parse(byte[] bytes, int from, int end) throws IOException {
    byte[] object = Arrays.copyOfRange(bytes, from, end + 1);
    object[object.length - 1] = '}';
    return JSON.readTree(object);
  }

  /**
   * A letter as it came in, or as it was when the journal was compacted.
   *
   * @param head its line up to where the content begins
   * @throws IOException when that is not what {@code head} holds
   */
  static DeadLetter letter(byte[] head, Payload content) throws IOException {
    try {
      return letter(parse(head, 0, head.length - CONTENT.length), content);
    } catch (RuntimeException e) {
      throw new IOException("it is damaged", e);
    }
  }

  /**
   * A letter as its last failure left it.
   *
   * @param line about that failure, whole
   * @param failures since the letter came in
   * @throws IOException when that is not what {@code line} holds
   */
  static DeadLetter failedAgain(DeadLetter letter, byte[] line, int failures) throws IOException {
    try {
      JsonNode json = JSON.readTree(line);
      return new DeadLetter(
          letter.id(),
          letter.content(),
          letter.contentSha256(),
          letter.stage(),
          text(json, "reason"),
          text(json, "detail"),
          letter.origin(),
          letter.attempts() + failures,
          letter.firstFailedAt(),
          Instant.parse(text(json, "at")),
          letter.status());
    } catch (RuntimeException e) {
      throw new IOException("it is damaged", e);
    }
  }

  /** Where in the buffer the base64 begins, or -1 when the line has none. */
  private static int contentAt(LineScanner line) {
    byte[] bytes = line.buffer();
    int at = line.end() - CRC_SUFFIX - 1;
    while (at > line.start() && bytes[at - 1] != '"') {
      at--;
    }
    int key = at - CONTENT.length;
    return key > line.start() && Arrays.equals(bytes, key, at, CONTENT, 0, CONTENT.length)
        ? at
        : -1;
  }

  private static boolean crcIsRight(LineScanner line) {
    int end = line.end() - CRC_SUFFIX;
    if (end < line.start()) {
      return false;
    }
    CRC32C crc = new CRC32C();
    crc.update(line.buffer(), line.start(), end - line.start());
    String stated = new String(line.buffer(), end, CRC_SUFFIX, StandardCharsets.ISO_8859_1);
    String computed = HexFormat.of().toHexDigits((int) crc.getValue());
    return stated.equals(",\"crc\":\"" + computed + "\"}");
  }

  private static Change change(JsonNode json, LineScanner line, int contentAt) {
    return switch (text(json, "op")) {
      case "add" -> new Added(letter(json, line, contentAt), json.required("left").intValue());
      case "settle" ->
          new Settled(
              text(json, "id"),
              DeadLetter.Status.valueOf(text(json, "status")),
              Instant.parse(text(json, "at")));
      case "failed_again" ->
          new FailedAgain(
              text(json, "id"),
              text(json, "reason"),
              text(json, "detail"),
              Instant.parse(text(json, "at")),
              new Place(line.offset(), (int) line.length() + 1));
      default -> throw new IllegalArgumentException("no such operation");
    };
  }

  private static IndexedLetter letter(JsonNode json, LineScanner line, int contentAt) {
    if (contentAt < 0) {
      throw new IllegalArgumentException("content is missing");
    }
    DeadLetter letter = letter(json, Payload.empty());
    Instant settledAt = json.has("settled_at") ? Instant.parse(text(json, "settled_at")) : null;
    Place head = new Place(line.offset(), contentAt - line.start());
    return new IndexedLetter(
        id(letter.id()),
        letter.status(),
        settledAt,
        head,
        contentSize(line.buffer(), contentAt, line.end() - CRC_SUFFIX - 1),
        0,
        Place.NONE);
  }

  private static int contentSize(byte[] bytes, int base64At, int end) {
    int size = (end - base64At) / 4 * 3;
    for (int i = end - 1; i >= base64At && bytes[i] == '='; i--) {
      size--;
    }
    return size;
  }

  private static UUID id(String text) {
    return IndexedLetter.id(text)
        .orElseThrow(() -> new IllegalArgumentException("a letter's id is a UUID, not " + text));
  }

  private static DeadLetter letter(JsonNode json, Payload content) {
    return new DeadLetter(
        text(json, "id"),
        content,
        text(json, "sha256"),
        text(json, "stage"),
        text(json, "reason"),
        text(json, "detail"),
        new DeadLetter.Origin(
            text(json, "agent"),
            text(json, "capability"),
            text(json, "caller"),
            text(json, "caller_svid_serial"),
            text(json, "request_id"),
            text(json, "decision_id"),
            text(json, "policy_revision"),
            json.has("trace_id") ? text(json, "trace_id") : null),
        json.required("attempts").intValue(),
        Instant.parse(text(json, "first_failed_at")),
        Instant.parse(text(json, "last_failed_at")),
        DeadLetter.Status.valueOf(text(json, "status")));
  }

  private static String text(JsonNode json, String field) {
    String value = json.required(field).textValue();
    if (value == null) {
      throw new IllegalArgumentException(field + " is no text");
    }
    return value;
  }
}
