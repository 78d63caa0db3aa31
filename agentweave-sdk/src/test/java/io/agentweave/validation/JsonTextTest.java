package io.agentweave.validation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "\"quoted\\\"", "tab\t\u001f\u007f", "Grüße 😀\u2028"})
  void strings_areReadAsTheyWere(String text) {
    byte[] json = new JsonText(0).string(text).payload().bytes();
    assertThat(Json.read(json)).isEqualTo(new JsonReading.Parsed(TextNode.valueOf(text)));
  }

  @Test
  void pieces_areOneTextOfAnyLength() {
    JsonText out = new JsonText(1).raw("[");
    for (int i = 0; i < 1000; i++) {
      out.number(i).raw(",");
    }
    out.object(ObjectText.of("{ \"a\":1.10}")).raw("]");
    String json = new String(out.payload().bytes(), UTF_8);
    assertThat(json).startsWith("[0,1,2,").endsWith(",999,{ \"a\":1.10}]");
  }

  @Test
  void objects_areWrittenAsTheyCame() {
    ObjectText object = ObjectText.of("{ \"n\": 1e2 }");
    assertThat(Json.writeText(Map.of("object", object))).isEqualTo("{\"object\":{ \"n\": 1e2 }}");
    assertThat(object)
        .isEqualTo(ObjectText.of("{ \"n\": 1e2 }"))
        .hasToString("ObjectText[12 bytes]");
    assertThatThrownBy(() -> ObjectText.of("[1]")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ObjectText.of("{\"a\":1,\"a\":2}"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
