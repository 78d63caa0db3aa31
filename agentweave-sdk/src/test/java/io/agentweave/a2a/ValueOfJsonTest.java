package io.agentweave.a2a;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.Anything;
import io.agentweave.call.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueOfJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "[]",
        "{}",
        "\"\"",
        "0",
        "-1.5",
        "0.1",
        "9007199254740991",
        "{\"a\":{\"b\":[1,\"x\",null,false]}}",
        "\"\u00FC\""
      })
  void whatAValueSaysTheSame_comesBackTheSame(String json) {
    Value value = ValueOfJson.read(Payload.ofJson(json)).orElseThrow();

    assertThat(JsonOfValue.read(value, "x", 1 << 20))
        .isInstanceOfSatisfying(
            Reading.Read.class,
            read -> assertThat(new String(bytes(read), StandardCharsets.UTF_8)).isEqualTo(json));
  }

  private static byte[] bytes(Reading.Read<?> read) {
    return ((Payload) read.value()).bytes();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "{\"a\":1,\"a\":2}",
        "9007199254740992",
        "-9007199254740993",
        "1e400",
        "0.1000000000000000055511151231257827021181583404541015625",
        "\"\\uD83D\"",
        "{\"\\uDE00\":1}",
        "1 2",
        "[1,"
      })
  void whatAValueWouldChange_staysAsItIs(String json) {
    assertThat(ValueOfJson.read(Payload.ofJson(json))).isEmpty();
  }

  @Test
  void deepNesting_staysAsItIs_andWhatTravelsIsReadable() throws InvalidProtocolBufferException {
    String deepest = "{\"a\":".repeat(23) + "1" + "}".repeat(23);
    Value value = ValueOfJson.read(Payload.ofJson(deepest)).orElseThrow();

    assertThat(Value.parseFrom(value.toByteArray())).isEqualTo(value);
    assertThat(ValueOfJson.read(Payload.ofJson("{\"a\":" + deepest + "}"))).isEmpty();
    assertThat(ValueOfJson.read(Payload.ofJson("[".repeat(100_000)))).isEmpty();
  }

  @Test
  void anyBytes_areReadOrNot() {
    Anything.tried(
        1000,
        any -> {
          byte[] bytes =
              any.coin()
                  ? any.bytes(50)
                  : any.text("{}[]:,\"\\udDeE019.-+ntrufalse ", 0, 30)
                      .getBytes(StandardCharsets.UTF_8);
          ValueOfJson.read(Payload.ofJson(bytes))
              .ifPresent(
                  value ->
                      assertThat(JsonOfValue.read(value, "x", 1 << 20))
                          .isInstanceOf(Reading.Read.class));
        });
  }

  @Test
  void longNamesAndManyMistakes_makeAShortRefusal() {
    Struct.Builder many = Struct.newBuilder();
    for (int i = 0; i < 1_200; i++) {
      many.putFields("n" + i, Value.newBuilder().setNumberValue(Double.NaN).build());
    }
    Value value =
        Value.newBuilder()
            .setStructValue(
                Struct.newBuilder()
                    .putFields(
                        "long\n".repeat(12_000), Value.newBuilder().setStructValue(many).build()))
            .build();

    assertThat(JsonOfValue.read(value, "x", 1 << 20))
        .isInstanceOfSatisfying(
            Reading.Unreadable.class,
            refused -> {
              assertThat((List<?>) refused.violations()).hasSize(101);
              assertThat(refused.toString().length()).isLessThan(60_000);
              assertThat(refused.toString()).doesNotContain("\n");
            });
  }

  @Test
  void textThatGrowsWhenItIsEscaped_isRefusedBeforeItIsWritten() {
    Value value = Value.newBuilder().setStringValue("\u0001".repeat(300_000)).build();
    assertThat(JsonOfValue.read(value, "x", 1 << 20)).isInstanceOf(Reading.Unreadable.class);
  }
}
