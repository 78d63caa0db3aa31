package io.agentweave.server;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a page of tasks ends: after this task, in the order of status time, newest first. Opaque to
 * callers, and good for nothing but their own tasks.
 */
record PageToken(Instant statusTime, String taskId) {
  private static final int MAX_LENGTH = 256;

  String text() {
    String plain = statusTime.getEpochSecond() + "/" + statusTime.getNano() + "/" + taskId;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  static Optional<PageToken> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      String[] pieces = plain.split("/", 3);
      return pieces.length == 3
          ? Optional.of(
              new PageToken(
                  Instant.ofEpochSecond(Long.parseLong(pieces[0]), Long.parseLong(pieces[1])),
                  pieces[2]))
          : Optional.empty();
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
