package io.agentweave.identity;

import static org.bouncycastle.asn1.x509.KeyPurposeId.anyExtendedKeyUsage;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_clientAuth;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_emailProtection;
import static org.bouncycastle.asn1.x509.KeyPurposeId.id_kp_serverAuth;
import static org.bouncycastle.asn1.x509.KeyUsage.cRLSign;
import static org.bouncycastle.asn1.x509.KeyUsage.digitalSignature;
import static org.bouncycastle.asn1.x509.KeyUsage.keyAgreement;
import static org.bouncycastle.asn1.x509.KeyUsage.keyCertSign;
import static org.bouncycastle.asn1.x509.KeyUsage.keyEncipherment;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;

/** SVIDs of peers: each breaks one rule, or is the twin that shows that the rule is the reason. */
final class SvidVectors {
  static final String ID = "spiffe://agentweave.io/agent/ingester";

  /**
   * @param breaks the rule; empty when the SVID is good
   */
  record Vector(String name, Optional<SvidRule> breaks, MintedSvid svid) {
    @Override
    public String toString() {
      return name + " -> " + breaks.map(SvidRule::word).orElse("proven");
    }
  }

  private final List<Vector> vectors = new ArrayList<>();
  private final Instant now = Instant.now();

  private final Authority home = Authority.root("home");
  private final Authority partner = Authority.root("partner");
  private final Authority known = Authority.root("known");
  private final Authority removed = Authority.root("removed");
  private final Authority renewedHome = Authority.root("home");
  private final Authority rsa =
      SvidMint.authority("rsa").keys(SvidMint.newKeys("RSA", 2048)).selfSigned();
  private final Authority weak =
      SvidMint.authority("weak").keys(SvidMint.newKeys("RSA", 1024)).selfSigned();
  private final Authority flat =
      SvidMint.authority("flat").ca(new BasicConstraints(0)).selfSigned();
  private final Authority narrow =
      SvidMint.authority("narrow").permittedHost("elsewhere.example").selfSigned();
  private final Authority fitting =
      SvidMint.authority("fitting").permittedHost("agentweave.io").selfSigned();
  private final Authority expired =
      SvidMint.authority("expired")
          .valid(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)))
          .selfSigned();
  private final Authority offline = Authority.root("offline");
  private final Authority subordinate = SvidMint.authority("subordinate").under(offline);
  private final Authority limited =
      SvidMint.authority("limited").ca(new BasicConstraints(0)).under(offline);
  private final Authority fenced =
      SvidMint.authority("fenced").permittedHost("agentweave.io").under(offline);
  private final Authority unable = SvidMint.authority("unable").keyUsage(cRLSign).under(offline);
  private final MintedSvid listedLeaf = SvidMint.leaf(ID).by(removed);

  private SvidVectors() {}

  /** The bundles that the vectors are meant for. */
  static Map<TrustDomain, Set<X509Certificate>> bundles(SvidVectors world) {
    Map<TrustDomain, Set<X509Certificate>> bundles =
        SwitchableIdentity.bundle(
            "agentweave.io",
            world.home,
            world.renewedHome,
            world.rsa,
            world.weak,
            world.flat,
            world.narrow,
            world.fitting,
            world.expired,
            world.subordinate,
            world.limited,
            world.fenced,
            world.unable,
            new Authority(world.listedLeaf.leaf(), SvidMint.newKeys("EC", 256), List.of()));
    bundles.putAll(SwitchableIdentity.bundle("partner.example", world.partner));
    bundles.putAll(SwitchableIdentity.bundle("my_domain", world.partner));
    bundles.putAll(SwitchableIdentity.bundle("known.example", world.known));
    bundles.put(new TrustDomain("empty.example"), Set.of());
    return bundles;
  }

  static Set<TrustDomain> allowed() {
    return Set.of(
        new TrustDomain("agentweave.io"),
        new TrustDomain("partner.example"),
        new TrustDomain("my_domain"),
        new TrustDomain("unknown.example"),
        new TrustDomain("empty.example"));
  }

  static SvidVectors mint() {
    SvidVectors all = new SvidVectors();
    all.names();
    all.domains();
    all.profile();
    all.time();
    all.paths();
    all.strength();
    all.extensions();
    return all;
  }

  /** A proper SVID of the same world, for the end that judges. */
  MintedSvid judge() {
    return SvidMint.leaf("spiffe://agentweave.io/agent/judge").by(home);
  }

  List<Vector> all() {
    return List.copyOf(vectors);
  }

  private static SvidMint leaf() {
    return SvidMint.leaf(ID);
  }

  private void good(String name, MintedSvid svid) {
    vectors.add(new Vector(name, Optional.empty(), svid));
  }

  private void bad(SvidRule rule, String name, MintedSvid svid) {
    vectors.add(new Vector(name, Optional.of(rule), svid));
  }

  private void names() {
    good("one URI SAN", leaf().by(home));
    good("a DNS SAN beside", leaf().name(GeneralName.dNSName, "ingester.example").by(home));
    good("an e-mail SAN beside", leaf().name(GeneralName.rfc822Name, "a@b.example").by(home));
    bad(SvidRule.ONE_URI_SAN, "no SAN", leaf().withoutNames().by(home));
    bad(
        SvidRule.ONE_URI_SAN,
        "a DNS SAN only",
        leaf().withoutNames().name(GeneralName.dNSName, "agentweave.io").by(home));
    bad(
        SvidRule.ONE_URI_SAN,
        "two SPIFFE IDs",
        leaf().name(GeneralName.uniformResourceIdentifier, ID + "2").by(home));
    bad(
        SvidRule.ONE_URI_SAN,
        "another URI beside the SPIFFE ID",
        leaf().name(GeneralName.uniformResourceIdentifier, "https://a.example/").by(home));
    String longest = "spiffe://agentweave.io/" + "a".repeat(SpiffeId.MAX_BYTES - 23);
    good("an ID of 2048 bytes", SvidMint.leaf(longest).by(home));
    good("every character allowed", SvidMint.leaf("spiffe://my_domain/A.z_-9/...").by(partner));
    for (String id :
        List.of(
            longest + "a",
            "spiffe://agentweave.io",
            "spiffe://agentweave.io/",
            "spiffe:///agent/ingester",
            "https://agentweave.io/agent/ingester",
            "spiffe:agentweave.io/agent/ingester",
            "SPIFFE://agentweave.io/agent/ingester",
            "spiffe://AgentWeave.io/agent/ingester",
            "spiffe://agentweave.io/agent/%69ngester",
            "spiffe://agentweave.io:8443/agent/ingester",
            "spiffe://user@agentweave.io/agent/ingester",
            ID + "?role=admin",
            ID + "#admin",
            "spiffe://agentweave.io/agent/./ingester",
            "spiffe://agentweave.io/agent/../ingester",
            "spiffe://agentweave.io/agent//ingester",
            "spiffe://agentweave.io/agent/ingester/",
            "spiffe://agentweave.io/agent/in gester",
            "spiffe://agentweave.io/agent/*")) {
      String shown = id.length() > 60 ? id.length() + " bytes" : id;
      bad(SvidRule.SPIFFE_ID_SYNTAX, "the name " + shown, SvidMint.leaf(id).by(home));
    }
  }

  private void domains() {
    good("a federated domain", SvidMint.leaf("spiffe://partner.example/a").by(partner));
    bad(
        SvidRule.TRUST_DOMAIN_NOT_ALLOWED,
        "a domain with a bundle that is not allowed",
        SvidMint.leaf("spiffe://known.example/a").by(known));
    bad(
        SvidRule.TRUST_DOMAIN_UNKNOWN,
        "a domain that is allowed without a bundle",
        SvidMint.leaf("spiffe://unknown.example/a").by(home));
    bad(
        SvidRule.TRUST_DOMAIN_UNKNOWN,
        "a domain whose bundle is empty",
        SvidMint.leaf("spiffe://empty.example/a").by(home));
    bad(SvidRule.UNTRUSTED_PATH, "our name by a partner's authority", leaf().by(partner));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a partner's name by our authority",
        SvidMint.leaf("spiffe://partner.example/a").by(home));
  }

  private void profile() {
    bad(SvidRule.LEAF_IS_CA, "CA:TRUE", leaf().ca(new BasicConstraints(true)).by(home));
    good("CA:FALSE said", leaf().ca(new BasicConstraints(false)).by(home));
    good("more key usages", leaf().keyUsage(digitalSignature | keyEncipherment).by(home));
    bad(SvidRule.KEY_USAGE, "no key usage", leaf().keyUsage(0).by(home));
    bad(SvidRule.KEY_USAGE, "no digitalSignature", leaf().keyUsage(keyAgreement).by(home));
    bad(
        SvidRule.KEY_USAGE,
        "keyCertSign",
        leaf().keyUsage(digitalSignature | keyCertSign).by(home));
    bad(SvidRule.KEY_USAGE, "cRLSign", leaf().keyUsage(digitalSignature | cRLSign).by(home));
    good("no extended key usage", leaf().extendedKeyUsage().by(home));
    good(
        "more extended key usages",
        leaf()
            .extendedKeyUsage(id_kp_serverAuth, id_kp_clientAuth, id_kp_emailProtection)
            .by(home));
    bad(
        SvidRule.EXTENDED_KEY_USAGE,
        "serverAuth only",
        leaf().extendedKeyUsage(id_kp_serverAuth).by(home));
    bad(
        SvidRule.EXTENDED_KEY_USAGE,
        "clientAuth only",
        leaf().extendedKeyUsage(id_kp_clientAuth).by(home));
    bad(
        SvidRule.EXTENDED_KEY_USAGE,
        "anyExtendedKeyUsage only",
        leaf().extendedKeyUsage(anyExtendedKeyUsage).by(home));
  }

  private void time() {
    Instant before = now.minus(Duration.ofDays(1));
    Instant after = now.plus(Duration.ofDays(1));
    good("a longer life", leaf().valid(before, after).by(home));
    bad(SvidRule.EXPIRED, "expired", leaf().valid(before, now.minusSeconds(1)).by(home));
    bad(
        SvidRule.NOT_YET_VALID,
        "not yet valid",
        leaf().valid(after, after.plusSeconds(9)).by(home));
    bad(
        SvidRule.EXPIRED,
        "an expired intermediate",
        leaf().by(SvidMint.authority("old").valid(before, now.minusSeconds(1)).under(home)));
    bad(SvidRule.EXPIRED, "an expired root", leaf().by(expired));
  }

  private void paths() {
    Authority intermediate = SvidMint.authority("intermediate").under(home);
    MintedSvid below = leaf().by(intermediate);
    good("an intermediate", below);
    good("an intermediate and the root sent along", withAbove(below, intermediate, home));
    good("an older authority of the same name", leaf().by(home));
    good("the newer authority of the same name", leaf().by(renewedHome));
    good("a subordinate authority in the bundle", leaf().by(subordinate));
    bad(SvidRule.UNTRUSTED_PATH, "a missing intermediate", below.withAbove());
    bad(
        SvidRule.UNTRUSTED_PATH,
        "the wrong intermediate",
        withAbove(below, SvidMint.authority("intermediate").under(home)));
    bad(SvidRule.UNTRUSTED_PATH, "self-signed", own(leaf().selfSigned()));
    bad(SvidRule.UNTRUSTED_PATH, "a removed authority", leaf().by(removed));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a removed authority sent along",
        withAbove(leaf().by(removed), removed));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a forged authority of a trusted name",
        leaf().by(SvidMint.authority("home").selfSigned()));
    bad(SvidRule.UNTRUSTED_PATH, "a leaf that stands in the bundle", listedLeaf);
    bad(
        SvidRule.UNTRUSTED_PATH,
        "an intermediate that is no CA",
        leaf().by(SvidMint.authority("no-ca").ca(new BasicConstraints(false)).under(home)));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "an intermediate that is another workload",
        leaf()
            .by(SvidMint.leaf("spiffe://agentweave.io/agent/mallory").subject("CN=m").under(home)));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "an intermediate without keyCertSign",
        leaf().by(SvidMint.authority("no-sign").keyUsage(digitalSignature).under(home)));
    Authority last = SvidMint.authority("last").ca(new BasicConstraints(0)).under(home);
    good("a path length just kept", leaf().by(last));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a path length exceeded",
        leaf().by(SvidMint.authority("one-more").under(last)));
    good("a root's path length kept", leaf().by(flat));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a root's path length exceeded",
        leaf().by(SvidMint.authority("one-more").under(flat)));
    good("a listed subordinate's path length kept", leaf().by(limited));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a listed subordinate's path length exceeded",
        leaf().by(SvidMint.authority("one-more").under(limited)));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a listed subordinate with name constraints, which cannot be enforced",
        leaf().by(fenced));
    good(
        "name constraints kept",
        leaf().by(SvidMint.authority("fits").permittedHost("agentweave.io").under(home)));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "name constraints violated",
        leaf().by(SvidMint.authority("other").permittedHost("elsewhere.example").under(home)));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a name constraint of a kind that cannot be checked",
        leaf().otherName().by(SvidMint.authority("no-others").withoutOtherNames().under(home)));
    good(
        "a name constraint of a kind that the leaf has no name of",
        leaf().by(SvidMint.authority("no-others").withoutOtherNames().under(home)));
    good("a root's name constraints kept", leaf().by(fitting));
    bad(SvidRule.UNTRUSTED_PATH, "a root's name constraints violated", leaf().by(narrow));
  }

  private void strength() {
    good("RSA 2048", leaf().keys(SvidMint.newKeys("RSA", 2048)).by(rsa));
    good("P-384", leaf().keys(SvidMint.newKeys("EC", 384)).by(home));
    good("Ed25519", leaf().keys(SvidMint.newKeys("Ed25519", 0)).by(home));
    good("SHA-512", leaf().signature("SHA512withRSA").by(rsa));
    bad(SvidRule.WEAK_KEY, "RSA 1024", leaf().keys(SvidMint.newKeys("RSA", 1024)).by(home));
    bad(SvidRule.WEAK_KEY, "SHA-1 with RSA", leaf().signature("SHA1withRSA").by(rsa));
    bad(SvidRule.WEAK_KEY, "SHA-1 with ECDSA", leaf().signature("SHA1withECDSA").by(home));
    bad(SvidRule.WEAK_KEY, "MD5", leaf().signature("MD5withRSA").by(rsa));
    bad(
        SvidRule.WEAK_KEY,
        "an intermediate of RSA 1024",
        leaf().by(SvidMint.authority("thin").keys(SvidMint.newKeys("RSA", 1024)).under(home)));
    bad(SvidRule.WEAK_KEY, "a root of RSA 1024", leaf().by(weak));
  }

  /**
   * Extensions that nobody knows, and such that the JDK takes for absent because it can't read
   * them.
   */
  private void extensions() {
    ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.3.6.1.4.1.55738.666.1");
    good("an unknown extension", leaf().extension(unknown, false, DERNull.INSTANCE).by(home));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "an unknown critical extension",
        leaf().extension(unknown, true, DERNull.INSTANCE).by(home));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "an intermediate with an unknown critical extension",
        leaf()
            .by(SvidMint.authority("odd").extension(unknown, true, DERNull.INSTANCE).under(home)));
    bad(
        SvidRule.EXTENDED_KEY_USAGE,
        "an extended key usage that is none",
        leaf().extendedKeyUsage().garbled(Extension.extendedKeyUsage).by(home));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "an intermediate with name constraints that are none",
        leaf().by(SvidMint.authority("odd").garbled(Extension.nameConstraints).under(home)));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "an intermediate with a key usage that is none",
        leaf().by(SvidMint.authority("odd").keyUsage(0).garbled(Extension.keyUsage).under(home)));
    bad(SvidRule.UNTRUSTED_PATH, "a listed subordinate without keyCertSign", leaf().by(unable));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a name that constraints exclude",
        leaf().by(SvidMint.authority("not-us").excludedHost("agentweave.io").under(home)));
    good(
        "a name beside those that constraints exclude",
        leaf().by(SvidMint.authority("not-them").excludedHost("elsewhere.example").under(home)));
    bad(
        SvidRule.UNTRUSTED_PATH,
        "a trust domain that is no host, under name constraints",
        SvidMint.leaf("spiffe://my_domain/agent")
            .by(SvidMint.authority("hosts").permittedHost("agentweave.io").under(partner)));
  }

  private static MintedSvid withAbove(MintedSvid svid, Authority... above) {
    return svid.withAbove(
        java.util.Arrays.stream(above).map(Authority::certificate).toArray(X509Certificate[]::new));
  }

  private static MintedSvid own(Authority alone) {
    return new MintedSvid(List.of(alone.certificate()), alone.keys().getPrivate());
  }
}
