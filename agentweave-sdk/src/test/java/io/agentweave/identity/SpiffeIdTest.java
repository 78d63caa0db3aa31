package io.agentweave.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;

/** SPIFFE-ID section 2, by construction: what is built to the rule parses, all else is refused. */
final class SpiffeIdTest {
  private static final String DOMAIN = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
  private static final String SEGMENT = DOMAIN + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private static Arbitrary<String> domain() {
    return Arbitraries.strings().withChars(DOMAIN).ofMinLength(1).ofMaxLength(255);
  }

  private static Arbitrary<String> segment() {
    return Arbitraries.strings()
        .withChars(SEGMENT)
        .ofMinLength(1)
        .ofMaxLength(40)
        .filter(s -> !s.equals(".") && !s.equals(".."));
  }

  private static Arbitrary<String> path() {
    return segment().list().ofMinSize(1).ofMaxSize(6).map(list -> "/" + String.join("/", list));
  }

  @Provide
  Arbitrary<String> ids() {
    return Combinators.combine(domain(), path()).as((domain, path) -> "spiffe://" + domain + path);
  }

  @Property
  void anIdBuiltToTheRule_parses_andIsWrittenAsItWas(@ForAll("ids") String text) {
    SpiffeId id = SpiffeId.parse(text);

    assertThat(id).hasToString(text).isEqualTo(SpiffeId.parse(text));
    assertThat("spiffe://" + id.trustDomain() + id.path()).isEqualTo(text);
  }

  @Property
  void oneForeignCharacterAnywhere_isRefused(
      @ForAll("ids") String text, @ForAll("foreign") char foreign, @ForAll int where) {
    int at = Math.floorMod(where, text.length() + 1);
    String broken = text.substring(0, at) + foreign + text.substring(at);

    assertThatThrownBy(() -> SpiffeId.parse(broken)).isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<Character> foreign() {
    return Arbitraries.chars().all().filter(c -> SEGMENT.indexOf(c) < 0 && c != '/');
  }

  @Property
  void anUpperCaseLetterInTheTrustDomain_isRefused(@ForAll("ids") String text) {
    String upper = "spiffe://A" + text.substring("spiffe://".length());

    assertThatThrownBy(() -> SpiffeId.parse(upper)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void anySlashTooMany_isRefused(@ForAll("ids") String text, @ForAll int where) {
    long slashes = text.chars().filter(c -> c == '/').count();
    int nth = Math.floorMod(where, (int) slashes);
    int at = -1;
    for (int i = 0; i <= nth; i++) {
      at = text.indexOf('/', at + 1);
    }
    String doubled = text.substring(0, at) + "/" + text.substring(at);

    assertThatThrownBy(() -> SpiffeId.parse(doubled)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SpiffeId.parse(text + "/"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void whateverIsGiven_eitherParsesToItself_orIsRefusedWithoutQuotingIt(
      @ForAll @StringLength(max = 60) String text) {
    for (String candidate : new String[] {text, "spiffe://" + text, "spiffe://a/" + text}) {
      try {
        assertThat(SpiffeId.parse(candidate)).hasToString(candidate);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).matches("[ -~]+");
      }
    }
  }

  @Example
  void dotSegments_areRefused_butDotsInSegmentsAreNot() {
    assertThat(SpiffeId.parse("spiffe://a/.../.b").path()).isEqualTo("/.../.b");
    for (String bad : new String[] {"spiffe://a/.", "spiffe://a/..", "spiffe://a/../b"}) {
      assertThatThrownBy(() -> SpiffeId.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Example
  void sizes_haveExactLimits() {
    String longest = "spiffe://a/" + "b".repeat(SpiffeId.MAX_BYTES - 11);
    assertThat(SpiffeId.parse(longest).toString()).hasSize(2048);
    assertThatThrownBy(() -> SpiffeId.parse(longest + "b")).hasMessageContaining("2048 bytes");
    assertThat(new TrustDomain("a".repeat(255)).name()).hasSize(255);
    assertThatThrownBy(() -> new TrustDomain("a".repeat(256)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void aTrustDomainAlone_isNoWorkload() {
    assertThatThrownBy(() -> SpiffeId.parse("spiffe://agentweave.io"))
        .hasMessageContaining("has a path");
  }
}
