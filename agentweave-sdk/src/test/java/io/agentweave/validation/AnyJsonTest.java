package io.agentweave.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Payload;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

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

  @Provide
  Arbitrary<String> nearlyJson() {
    return Arbitraries.of(PIECES).list().ofMaxSize(24).map(pieces -> String.join("", pieces));
  }

  @Property(tries = 1000)
  void anyText_isReadOrExplained(@ForAll("nearlyJson") String text) {
    check(text.getBytes(UTF_8));
  }

  @Property(tries = 1000)
  void anyBytes_areReadOrExplained(@ForAll byte[] bytes) {
    check(bytes);
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

  @Property(tries = 1000)
  void anyPayload_isBoundOrExplained(@ForAll("nearlyJson") String text) throws Exception {
    PayloadBinder binder =
        PayloadBinder.of(
            this,
            AnyJsonTest.class.getMethod("handler", String.class, Inner.class),
            Set.of(),
            JsonLimits.USUAL);
    switch (binder.bind(Payload.ofJson("{\"a\": " + text + "}"))) {
      case Binding.Unfit(var violations) -> assertThat(violations).isNotEmpty();
      case Binding.Bound bound -> assertThat(bound.arguments()).doesNotContainNull();
    }
  }
}
