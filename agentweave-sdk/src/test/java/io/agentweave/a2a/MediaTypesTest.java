package io.agentweave.a2a;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {

  private static io.agentweave.a2a.v1.Part raw(String mediaType) {
    return io.agentweave.a2a.v1.Part.newBuilder()
        .setRaw(ByteString.copyFromUtf8("{}"))
        .setMediaType(mediaType)
        .build();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        "application/json ; charset=\"utf-8\"",
        "APPLICATION/json; q=1"
      })
  void json_isJsonHoweverItIsSpelled(String mediaType) {
    assertThat(WireParts.isJson(raw(mediaType))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";application/json",
        "text/json",
        "application/jsonl",
        "application/json+x",
        "application/ld+json",
        "application/json, text/plain",
        "*/*"
      })
  void whatIsNotJson_isAFile(String mediaType) {
    assertThat(WireParts.isJson(raw(mediaType))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, Application/JSON; charset=utf-8, true",
    "APPLICATION/*, application/json, true",
    "*/*; q=0.1, image/png, true",
    "application/*, applications/json, false",
    "image/*, application/json, false",
    "text/plain, text/*, false"
  })
  void range_takesInItsTypes(String range, String mediaType, boolean matches) {
    assertThat(MediaTypes.matches(range, mediaType)).isEqualTo(matches);
  }
}
