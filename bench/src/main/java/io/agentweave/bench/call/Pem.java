package io.agentweave.bench.call;

import io.agentweave.identity.SpiffeId;
import io.agentweave.local.authority.IssuedSvid;
import io.agentweave.local.authority.LocalAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;

/** Writes the SVIDs of both sides and the trust bundle as files, which is what plain gRPC wants. */
final class Pem {
  private Pem() {}

  static void write(LocalAuthority authority, Path folder) throws IOException {
    Path pem = Files.createDirectories(folder);
    StringBuilder bundle = new StringBuilder();
    for (X509Certificate root : authority.bundle()) {
      bundle.append(block("CERTIFICATE", encoded(root)));
    }
    Files.writeString(pem.resolve("bundle.pem"), bundle);
    for (Map.Entry<String, SpiffeId> who :
        Map.of("server", Secured.SERVER, "client", Secured.CLIENT).entrySet()) {
      IssuedSvid svid = authority.issue(who.getValue());
      StringBuilder chain = new StringBuilder();
      for (X509Certificate certificate : svid.chain()) {
        chain.append(block("CERTIFICATE", encoded(certificate)));
      }
      Files.writeString(pem.resolve(who.getKey() + ".pem"), chain);
      Files.writeString(
          pem.resolve(who.getKey() + ".key"), block("PRIVATE KEY", svid.key().getEncoded()));
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String block(String what, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, text, what);
  }
}
