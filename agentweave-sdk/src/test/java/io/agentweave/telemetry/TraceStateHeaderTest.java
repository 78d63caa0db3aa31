package io.agentweave.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStateHeaderTest {

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE",
        "a=b",
        "0tenant@vendor=x,vendor=y",
        "a_-*/0= inner blanks and !\"#$%&'()*+-./:;<>?@[]^_`{|}~",
      })
  void wellFormedMembers_goOnUnchangedAndInOrder(String header) {
    assertThat(TraceStateHeader.read(List.of(header))).isEqualTo(header);
    assertThat(TraceStateHeader.value(TraceStateHeader.state(header))).isEqualTo(header);
  }

  @Test
  void longestKeysAndValues_goOn() {
    String simple = "k".repeat(256) + "=" + "v".repeat(255);
    String ofTenant = "1".repeat(241) + "@" + "k".repeat(14) + "=" + "v".repeat(255);
    for (String header : List.of(simple, ofTenant)) {
      assertThat(TraceStateHeader.read(List.of(header))).isEqualTo(header);
      assertThat(TraceStateHeader.value(TraceStateHeader.state(header))).isEqualTo(header);
    }
  }

  @Test
  void severalHeadersAndSpaceAndEmptyMembers_areOneList() {
    assertThat(TraceStateHeader.read(List.of("a=1 ,\tb=2", "", " ,c=3, ", "d=4")))
        .isEqualTo("a=1,b=2,c=3,d=4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "=1",
        "a=",
        "A=1",
        "1=1",
        "a=1,a=2",
        "a=1,b",
        "a =1",
        "a=b=c",
        "a=\u00e9",
        "a=1\n",
        "@vendor=1",
        "tenant@=1",
        "a@b@c=1",
        "a@1=1",
      })
  void oneMalformedMember_spoilsAll(String header) {
    assertThat(TraceStateHeader.read(List.of("first=1," + header))).isEmpty();
    assertThat(TraceStateHeader.read(List.of("first=1", header))).isEmpty();
  }

  @Test
  void tooLongKeysAndValuesAndTooManyMembers_spoilAll() {
    assertThat(TraceStateHeader.read(List.of("k".repeat(257) + "=v"))).isEmpty();
    assertThat(TraceStateHeader.read(List.of("k=" + "v".repeat(257)))).isEmpty();
    assertThat(TraceStateHeader.read(List.of(members(32)))).isEqualTo(members(32));
    assertThat(TraceStateHeader.read(List.of(members(33)))).isEmpty();
    assertThat(TraceStateHeader.read(null)).isEmpty();
  }

  @Test
  void tooLongAsAWhole_losesItsLongMembersFirstAndThenTheOldest() {
    String large = "large=" + "v".repeat(123);
    String fits = "b=" + "v".repeat(126) + ",c=" + "v".repeat(126) + ",d=" + "v".repeat(126);
    assertThat(fits).hasSize(3 * 128 + 2);
    assertThat(large).hasSize(129);
    assertThat(TraceStateHeader.read(List.of("first=1", large, fits))).isEqualTo("first=1," + fits);
    String forty =
        IntStream.range(0, 20)
            .mapToObj(i -> "k" + i + "=" + "v".repeat(40))
            .collect(Collectors.joining(","));
    assertThat(forty).startsWith(TraceStateHeader.read(List.of(forty)));
    assertThat(TraceStateHeader.read(List.of(forty))).hasSizeBetween(460, 512);
  }

  @Test
  void stateWithoutItsTrace_isNotRead() {
    assertThat(TraceParent.parseOnly(List.of("nonsense"), List.of("a=1"))).isNull();
    assertThat(TraceParent.parseOnly(List.of(TRACEPARENT), List.of("a=1")))
        .satisfies(place -> assertThat(place.state()).isEqualTo("a=1"));
    assertThat(TraceParent.parseOnly(List.of(TRACEPARENT), List.of("a")))
        .isEqualTo(TraceParent.parse(TRACEPARENT));
  }

  private static String members(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "k" + i + "=v")
        .collect(Collectors.joining(","));
  }
}
