package io.agentweave.identity;

import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@link PemFiles}. */
final class PemMaterial {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]*)-----END PRIVATE KEY-----");

  private static final int MOST_BYTES = 1 << 20;

  private PemMaterial() {}

  /**
   * Reads all three files. Errors name the file and what is wrong with it, never what is in it.
   *
   * @throws GeneralSecurityException when they make no SVID that its own bundle stands behind
   */
  static SvidMaterial read(PemFiles files) throws IOException, GeneralSecurityException {
    List<X509Certificate> chain = certificates(files.certificate());
    List<X509Certificate> authorities = certificates(files.bundle());
    byte[] key = pkcs8(files.key());
    SvidMaterial alone = SvidMaterial.of(chain, SvidMaterial.key(key, chain.getFirst()), Map.of());
    SvidMaterial whole =
        SvidMaterial.of(
            chain, alone.key(), Map.of(alone.spiffeId().trustDomain(), Set.copyOf(authorities)));
    Optional<Rejected> problem = whole.pathProblem();
    if (problem.isPresent()) {
      throw new GeneralSecurityException(
          files.bundle() + " does not stand behind the SVID: " + problem.get().detail());
    }
    return whole;
  }

  private static List<X509Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> certificates;
    try {
      certificates = SvidMaterial.certificates(PlainFile.read(file, MOST_BYTES));
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException(file + " holds no PEM certificates", e);
    }
    if (certificates.isEmpty()) {
      throw new GeneralSecurityException(file + " holds no certificate");
    }
    return certificates;
  }

  private static byte[] pkcs8(Path file) throws IOException, GeneralSecurityException {
    Matcher pem =
        PKCS8.matcher(new String(PlainFile.read(file, MOST_BYTES), StandardCharsets.ISO_8859_1));
    if (!pem.find()) {
      throw new InvalidKeyException(
          file
              + " holds no unencrypted PKCS #8 key (BEGIN PRIVATE KEY);"
              + " openssl pkcs8 -topk8 -nocrypt makes one of other forms");
    }
    try {
      return Base64.getMimeDecoder().decode(pem.group(1));
    } catch (IllegalArgumentException e) {
      throw new InvalidKeyException(file + " holds a key that is not base64", e);
    }
  }
}
