package io.agentweave.deadletter;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.agentweave.call.Payload;
import io.agentweave.journal.JsonLine;
import io.agentweave.journal.LineScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
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

  record FailedAgain(String id, String reason, String detail, Instant at) implements Change {}

  static void settled(JsonLine line, long number, Settled change) {
    int start = open(line, number, "settle");
    line.field("id", change.id()).field("status", change.status().name());
    line.field("at", change.at().toString());
    close(line, start);
  }

  static void failedAgain(JsonLine line, long number, FailedAgain change) {
    int start = open(line, number, "failed_again");
    line.field("id", change.id()).field("reason", change.reason());
    line.field("detail", change.detail()).field("at", change.at().toString());
    close(line, start);
  }

  /**
   * Writes a letter whose content is {@code base64}.
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
      @Nullable Instant settledAt,
      byte[] base64) {
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
    line.plainField("content", base64);
    long contentAt = base + line.size() - base64.length - 1;
    close(line, start);
    return new IndexedLetter(letter, settledAt, contentAt, base64.length, line.size() - start);
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
    byte[] object = Arrays.copyOfRange(line.buffer(), line.start(), end + 1);
    object[object.length - 1] = '}';
    return JSON.readTree(object);
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
              Instant.parse(text(json, "at")));
      default -> throw new IllegalArgumentException("no such operation");
    };
  }

  private static IndexedLetter letter(JsonNode json, LineScanner line, int contentAt) {
    if (contentAt < 0) {
      throw new IllegalArgumentException("content is missing");
    }
    int contentLength = line.end() - CRC_SUFFIX - 1 - contentAt;
    return new IndexedLetter(
        new DeadLetter(
            text(json, "id"),
            Payload.empty(),
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
            DeadLetter.Status.valueOf(text(json, "status"))),
        json.has("settled_at") ? Instant.parse(text(json, "settled_at")) : null,
        line.offset() + contentAt - line.start(),
        contentLength,
        (int) line.length() + 1);
  }

  private static String text(JsonNode json, String field) {
    String value = json.required(field).textValue();
    if (value == null) {
      throw new IllegalArgumentException(field + " is no text");
    }
    return value;
  }
}
