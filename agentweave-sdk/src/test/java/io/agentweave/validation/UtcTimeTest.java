package io.agentweave.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.Anything;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTimeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-21T10:00:00Z",
        "2024-02-29T23:59:59.1Z",
        "0001-01-01T00:00:00.000000001Z",
        "9999-12-31T23:59:59.999999999Z"
      })
  void theUsualSpelling_isRead(String text) {
    assertThat(UtcTime.parse(text)).isEqualTo(OffsetDateTime.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-11-21T10:00:00",
        "2026-11-21T10:00:00z",
        "2026-11-21t10:00:00Z",
        "2026-11-21T10:00:00+00:00",
        "2026-11-21T10:00Z",
        "2026-11-21T10:00:00.Z",
        "2026-11-21T10:00:00.1234567890Z",
        "2026-11-21T10:00:00.12x4Z",
        "2026-11-21T10:00:00,5Z",
        "2026-02-30T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T10:00:60Z",
        "0000-01-01T00:00:00Z",
        "+2026-11-21T10:00:00Z",
        "2026-11-21T10:0\u0660:00Z",
        " 2026-11-21T10:00:00Z"
      })
  void anyOtherSpelling_isLeftToOthers(String text) {
    assertThat(UtcTime.parse(text)).isNull();
  }

  @Test
  void whatIsRead_isWhatTheJdkReads() {
    Anything.tried(
        3000,
        any -> {
          StringBuilder text = new StringBuilder("2026-11-21T10:00:00.123Z");
          for (int i = any.between(0, 3); i > 0; i--) {
            text.setCharAt(
                any.between(0, text.length() - 1), any.of('0', '1', '3', '9', '-', 'T', '.', 'Z'));
          }
          OffsetDateTime read = UtcTime.parse(text.toString());
          if (read != null) {
            assertThat(read).isEqualTo(jdk(text.toString()));
          }
        });
  }

  private static OffsetDateTime jdk(String text) {
    try {
      return OffsetDateTime.parse(text);
    } catch (DateTimeException e) {
      throw new AssertionError(text, e);
    }
  }
}
