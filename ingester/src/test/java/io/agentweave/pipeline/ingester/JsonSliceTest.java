package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.validation.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonSliceTest {

  private static JsonSlice slice(String text) {
    return JsonSlice.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(JsonSlice slice) {
    return new String(slice.copy(), StandardCharsets.UTF_8);
  }

  private static Optional<List<String>> elements(String text) {
    return slice(text)
        .elements(9)
        .map(list -> list.first().stream().map(JsonSliceTest::text).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[",
        "]",
        "{}",
        "[1",
        "1]",
        "[1 2]",
        "[1,]",
        "[,1]",
        "[1,,2]",
        "[\"a]",
        "[{]",
        "[1]]",
        "[\"\\\"]",
        "[}]",
        "[1}2]"
      })
  void whatIsNoList_hasNoElements(String text) {
    assertThat(elements(text)).isEmpty();
  }

  @Test
  void elements_areWhatStandsBetweenTheCommas() {
    assertThat(elements(" [ 1 , \"a,]\\\"b\\\\\" ,{\"x\":[1,{\"y\":\"}\"}]}, null,\n[ ] ] "))
        .hasValue(List.of("1", "\"a,]\\\"b\\\\\"", "{\"x\":[1,{\"y\":\"}\"}]}", "null", "[ ]"));
    assertThat(elements("[]")).hasValue(List.of());
    assertThat(elements("[ ]")).hasValue(List.of());
  }

  @Test
  void badElement_leavesItsNeighboursAlone() {
    assertThat(elements("[{\"a\":1},{a:1e400,'b'},{\"a\":1,\"a\":2},{\"b\":2}]"))
        .hasValue(List.of("{\"a\":1}", "{a:1e400,'b'}", "{\"a\":1,\"a\":2}", "{\"b\":2}"));
  }

  @Test
  void aMillionLevels_areNoProblem() {
    String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
    assertThat(elements("[1," + deep + ",2]").orElseThrow()).hasSize(3).element(2).isEqualTo("2");
  }

  @Test
  void members_areFoundByName() {
    List<JsonSlice.Member> members =
        slice("{ \"events\" : [1,2] , \"\\u0061\":{} }").members(9).orElseThrow().first();
    assertThat(members).extracting(JsonSlice.Member::name).containsExactly("events", "\\u0061");
    assertThat(text(members.getFirst().value())).isEqualTo("[1,2]");
    assertThat(slice("{}").members(9)).hasValue(new JsonSlice.Contents<>(List.of(), 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1"})
  void whatIsNoObject_hasNoMembers(String text) {
    assertThat(slice(text).members(9)).isEmpty();
  }

  @Test
  void anyList_comesApartIntoItsElements() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      List<String> texts =
          random.ints(random.nextInt(20), 0, 40).mapToObj(size -> text(random, size)).toList();
      byte[] json = Json.write(texts);
      assertThat(JsonSlice.of(json).elements(1_000).orElseThrow().first())
          .as("seed %d", seed)
          .extracting(JsonSliceTest::text)
          .containsExactlyElementsOf(texts.stream().map(Json::writeText).toList());
    }
  }

  private static String text(Random random, int size) {
    return random
        .ints(size, 0, 0x110000)
        .map(c -> random.nextBoolean() ? "\"\\,[]{}:\n\t".charAt(c % 10) : c)
        .filter(c -> c < 0xD800 || c > 0xDFFF)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void anyBytes_doNoHarm() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      for (int at = 0; at < bytes.length; at++) {
        if (random.nextInt(3) > 0) {
          bytes[at] = (byte) "{}[],:\"\\ 1".charAt(random.nextInt(10));
        }
      }
      JsonSlice slice = JsonSlice.of(bytes);
      assertThat(slice.elements(9).isPresent() && slice.members(9).isPresent()).isFalse();
    }
  }

  @Test
  void ofManyElements_onlyAsManyAsAreWanted_takeMemory() {
    JsonSlice.Contents<JsonSlice> many =
        slice("[" + "1,".repeat(99_999) + "1]").elements(10).orElseThrow();
    assertThat(many.first()).hasSize(10);
    assertThat(many.count()).isEqualTo(100_000);
  }
}
