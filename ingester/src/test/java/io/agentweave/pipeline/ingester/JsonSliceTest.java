package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.validation.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
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
    return slice(text).elements().map(list -> list.stream().map(JsonSliceTest::text).toList());
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
        slice("{ \"events\" : [1,2] , \"\\u0061\":{} }").members().orElseThrow();
    assertThat(members).extracting(JsonSlice.Member::name).containsExactly("events", "\\u0061");
    assertThat(text(members.getFirst().value())).isEqualTo("[1,2]");
    assertThat(slice("{}").members()).hasValue(List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "{\"a\" 1}", "{\"a\":1"})
  void whatIsNoObject_hasNoMembers(String text) {
    assertThat(slice(text).members()).isEmpty();
  }

  @Property
  void anyList_comesApartIntoItsElements(@ForAll @Size(max = 20) List<String> texts) {
    List<String> clean = texts.stream().map(t -> t.replaceAll("\\p{Cs}", "?")).toList();
    byte[] json = Json.write(clean);
    assertThat(JsonSlice.of(json).elements().orElseThrow())
        .extracting(JsonSliceTest::text)
        .containsExactlyElementsOf(clean.stream().map(Json::writeText).toList());
  }

  @Property
  void anyBytes_doNoHarm(@ForAll @Size(max = 60) byte[] bytes) {
    JsonSlice slice = JsonSlice.of(bytes);
    slice.elements();
    slice.members();
  }
}
