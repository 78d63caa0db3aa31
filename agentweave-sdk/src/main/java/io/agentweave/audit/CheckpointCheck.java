package io.agentweave.audit;

import io.agentweave.journal.LineScanner;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks that a checkpoint was signed by its agent, for the record before it, at its time. */
final class CheckpointCheck {
  private static final int URI_NAME = 6;

  /** How far the clocks of agent and authority may be apart when an SVID is brand new. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final Set<TrustAnchor> anchors;

  CheckpointCheck(Collection<X509Certificate> authorities) {
    this.anchors =
        authorities.stream()
            .map(authority -> new TrustAnchor(authority, null))
            .collect(Collectors.toSet());
  }

  /** What is wrong with the checkpoint that the scanner stands on, or null. */
  @Nullable String check(LineScanner line, ChainLink before) {
    Optional<AuditRecord> read = RecordReader.read(line.buffer(), line.start(), line.end());
    if (read.isEmpty() || !(read.get().entry() instanceof Checkpoint checkpoint)) {
      return "the checkpoint can't be read";
    }
    AuditRecord record = read.get();
    X509Certificate leaf = checkpoint.certificates().getFirst();
    try {
      if (checkpoint.signedSequence() != before.sequence()
          || !checkpoint.signedHash().equals(before.hash())) {
        return "the checkpoint is for another record";
      }
      if (!names(leaf, record.agent())) {
        return "the checkpoint was signed by another identity";
      }
      if (record.time().plus(SKEW).isBefore(leaf.getNotBefore().toInstant())
          || record.time().isAfter(leaf.getNotAfter().toInstant())) {
        return "the checkpoint was signed with an SVID that was not valid then";
      }
      byte[] message = Checkpoint.message(record.agent(), before.sequence(), before.hash());
      if (!verifies(leaf, message, checkpoint.signature())) {
        return "the checkpoint's signature is wrong";
      }
      return anchors.isEmpty() ? null : path(checkpoint.certificates(), record.time());
    } catch (GeneralSecurityException | RuntimeException e) {
      // The JDK throws what it likes about constraints that it cannot apply, as to a trust domain
      // that is no host name.
      return "the checkpoint's signature can't be checked";
    }
  }

  private static boolean names(X509Certificate leaf, String agent)
      throws CertificateParsingException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    return names != null
        && names.stream()
            .anyMatch(name -> name.get(0).equals(URI_NAME) && agent.equals(name.get(1)));
  }

  private static boolean verifies(X509Certificate leaf, byte[] message, String signature)
      throws GeneralSecurityException {
    String key = leaf.getPublicKey().getAlgorithm();
    Signature check =
        Signature.getInstance(key.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
    check.initVerify(leaf.getPublicKey());
    check.update(message);
    return check.verify(Base64.getDecoder().decode(signature));
  }

  private @Nullable String path(List<X509Certificate> chain, Instant at)
      throws GeneralSecurityException {
    List<X509Certificate> below =
        chain.stream()
            .filter(one -> anchors.stream().noneMatch(a -> one.equals(a.getTrustedCert())))
            .toList();
    CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(below);
    PKIXParameters parameters = new PKIXParameters(anchors);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    try {
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
      return null;
    } catch (java.security.cert.CertPathValidatorException e) {
      return "the checkpoint's certificate was not issued by an expected authority";
    }
  }
}
