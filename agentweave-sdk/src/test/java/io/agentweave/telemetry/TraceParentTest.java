package io.agentweave.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.TraceContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @Test
  void wellFormedHeader_isRead() {
    assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-01"))
        .isEqualTo(new TraceContext(TRACE, SPAN, true));
    assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-fe"))
        .isEqualTo(new TraceContext(TRACE, SPAN, false));
    assertThat(TraceParent.parse("cc-" + TRACE + "-" + SPAN + "-01-what-the-future-brings"))
        .isEqualTo(new TraceContext(TRACE, SPAN, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-" + TRACE + "-" + SPAN + "-1",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-0x",
        "00-" + TRACE + "-" + SPAN + "-01 ",
        " 00-" + TRACE + "-" + SPAN + "-01",
        "cc-" + TRACE + "-" + SPAN + "-01.more",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01\n"
      })
  void malformedHeader_isNone(String header) {
    assertThat(TraceParent.parse(header)).isNull();
  }

  @Test
  void absentOrEndlessHeader_isNone() {
    assertThat(TraceParent.parse(null)).isNull();
    assertThat(TraceParent.parse("cc-" + TRACE + "-" + SPAN + "-01-" + "x".repeat(10_000)))
        .isNull();
  }

  @Test
  void onlyHeader_isReadWithoutTheSpaceAroundIt() {
    TraceContext read = new TraceContext(TRACE, SPAN, true);
    String header = "00-" + TRACE + "-" + SPAN + "-01";
    for (String sent : List.of(header, " " + header, "\t" + header, header + "\t \t")) {
      assertThat(TraceParent.parseOnly(List.of(sent))).isEqualTo(read);
    }
    assertThat(TraceParent.parseOnly(List.of(header + "\n"))).isNull();
    assertThat(TraceParent.parseOnly(List.of(" "))).isNull();
  }

  @Test
  void severalHeaders_areNone_evenWhenTheyAgree() {
    String header = "00-" + TRACE + "-" + SPAN + "-01";
    assertThat(TraceParent.parseOnly(List.of(header, header))).isNull();
    assertThat(TraceParent.parseOnly(List.of(header, ""))).isNull();
    assertThat(TraceParent.parseOnly(List.of())).isNull();
    assertThat(TraceParent.parseOnly(null)).isNull();
  }
}
