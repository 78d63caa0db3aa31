package io.agentweave.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf16Test {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "k\u00f6ln \uffff",
        "\ud83d\ude00",
        "\ud83d\ude00\ud83d\ude00",
        "\ud83d",
        "\ude00",
        "\ude00\ud83d",
        "a\ud83da",
        "\ud83d\ud83d\ude00",
        "\ud83d\ude00\ude00"
      })
  void aLoneSurrogate_isWhatUtf8CannotCarry(String text) {
    assertThat(Utf16.hasLoneSurrogate(text))
        .isNotEqualTo(StandardCharsets.UTF_8.newEncoder().canEncode(text));
  }
}
