package io.agentweave.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.Anything;
import io.agentweave.call.Payload;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnyJsonTest {

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"a\"",
          "\"text\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "1",
          "-0.5",
          "1e400",
          "NaN",
          "null",
          "true",
          " ",
          "\"",
          "\\",
          "\u0001",
          "x");

  private static String nearlyJson(Anything any) {
    return String.join("", any.list(0, 24, () -> any.of(PIECES.toArray(String[]::new))));
  }

  @Test
  void anyText_isReadOrExplained() {
    Anything.tried(2000, any -> check(nearlyJson(any).getBytes(UTF_8)));
  }

  @Test
  void anyBytes_areReadOrExplained() {
    Anything.tried(1000, any -> check(any.bytes(300)));
  }

  private static void check(byte[] bytes) {
    switch (Json.read(bytes)) {
      case JsonReading.Refused(var violations) -> assertThat(violations).isNotEmpty();
      case JsonReading.Parsed(var tree) ->
          assertThat(Json.read(Json.write(tree))).isEqualTo(new JsonReading.Parsed(tree));
    }
  }

  record Inner(int number, List<String> words) {}

  @SuppressWarnings("unused")
  public void handler(String a, Inner inner) {}

  @Test
  void anyPayload_isBoundOrExplained() throws NoSuchMethodException {
    PayloadBinder binder =
        PayloadBinder.of(
            this,
            AnyJsonTest.class.getMethod("handler", String.class, Inner.class),
            Set.of(),
            JsonLimits.USUAL);
    Anything.tried(
        2000,
        any -> {
          switch (binder.bind(Payload.ofJson("{\"a\": " + nearlyJson(any) + "}"))) {
            case Binding.Unfit(var violations) -> assertThat(violations).isNotEmpty();
            case Binding.Bound bound -> assertThat(bound.arguments()).doesNotContainNull();
          }
        });
  }
}
