package io.agentweave.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.Anything;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SPIFFE-ID section 2, by construction: what is built to the rule parses, all else is refused. */
final class SpiffeIdTest {
  private static final String DOMAIN = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
  private static final String SEGMENT = DOMAIN + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private static String id(Anything any) {
    return "spiffe://" + any.text(DOMAIN, 1, 255) + "/" + String.join("/", segments(any));
  }

  private static List<String> segments(Anything any) {
    return any.list(
        1,
        6,
        () -> {
          String segment = any.text(SEGMENT, 1, 40);
          return segment.equals(".") || segment.equals("..") ? segment + "." + "x" : segment;
        });
  }

  @Test
  void anIdBuiltToTheRule_parses_andIsWrittenAsItWas() {
    Anything.tried(
        500,
        any -> {
          String text = id(any);
          SpiffeId id = SpiffeId.parse(text);

          assertThat(id).hasToString(text).isEqualTo(SpiffeId.parse(text));
          assertThat("spiffe://" + id.trustDomain() + id.path()).isEqualTo(text);
        });
  }

  @Test
  void oneForeignCharacterAnywhere_isRefused() {
    Anything.tried(
        500,
        any -> {
          String text = id(any);
          char foreign = any.character();
          while (SEGMENT.indexOf(foreign) >= 0 || foreign == '/') {
            foreign = any.character();
          }
          int at = any.between(0, text.length());
          String broken = text.substring(0, at) + foreign + text.substring(at);

          assertThatThrownBy(() -> SpiffeId.parse(broken))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }

  @Test
  void anUpperCaseLetterInTheTrustDomain_isRefused() {
    Anything.tried(
        100,
        any -> {
          String upper = "spiffe://A" + id(any).substring("spiffe://".length());

          assertThatThrownBy(() -> SpiffeId.parse(upper))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }

  @Test
  void anySlashTooMany_isRefused() {
    Anything.tried(
        200,
        any -> {
          String text = id(any);
          int slashes = (int) text.chars().filter(c -> c == '/').count();
          int at = -1;
          for (int nth = any.between(1, slashes); nth > 0; nth--) {
            at = text.indexOf('/', at + 1);
          }
          String doubled = text.substring(0, at) + "/" + text.substring(at);

          assertThatThrownBy(() -> SpiffeId.parse(doubled))
              .isInstanceOf(IllegalArgumentException.class);
          assertThatThrownBy(() -> SpiffeId.parse(text + "/"))
              .isInstanceOf(IllegalArgumentException.class);
        });
  }

  @Test
  void whateverIsGiven_eitherParsesToItself_orIsRefusedWithoutQuotingIt() {
    Anything.tried(
        1000,
        any -> {
          String text = any.text(60);
          for (String candidate : List.of(text, "spiffe://" + text, "spiffe://a/" + text)) {
            try {
              assertThat(SpiffeId.parse(candidate)).hasToString(candidate);
            } catch (IllegalArgumentException e) {
              assertThat(e.getMessage()).matches("[ -~]+");
            }
          }
        });
  }

  @Test
  void dotSegments_areRefused_butDotsInSegmentsAreNot() {
    assertThat(SpiffeId.parse("spiffe://a/.../.b").path()).isEqualTo("/.../.b");
    for (String bad : new String[] {"spiffe://a/.", "spiffe://a/..", "spiffe://a/../b"}) {
      assertThatThrownBy(() -> SpiffeId.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void sizes_haveExactLimits() {
    String longest = "spiffe://a/" + "b".repeat(SpiffeId.MAX_BYTES - 11);
    assertThat(SpiffeId.parse(longest).toString()).hasSize(2048);
    assertThatThrownBy(() -> SpiffeId.parse(longest + "b")).hasMessageContaining("2048 bytes");
    assertThat(new TrustDomain("a".repeat(255)).name()).hasSize(255);
    assertThatThrownBy(() -> new TrustDomain("a".repeat(256)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTrustDomainAlone_isNoWorkload() {
    assertThatThrownBy(() -> SpiffeId.parse("spiffe://agentweave.io"))
        .hasMessageContaining("has a path");
  }
}
