package io.agentweave.pipeline.ingester;

import io.agentweave.identity.PemFiles;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.local.authority.IssuedSvid;
import io.agentweave.local.authority.LocalAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** PEM files of SVIDs that one local authority issued. */
final class PipelineIdentities {
  private final LocalAuthority authority =
      new LocalAuthority(new TrustDomain("agentweave.io"), Duration.ofHours(1));
  private final Path folder;

  PipelineIdentities(Path folder) {
    this.folder = folder;
  }

  /** As the {@code identity} section of an agent's file. */
  String section(String path) {
    PemFiles files = files(path);
    return "{provider: static, static: {certificate: %s, key: %s, bundle: %s}}"
        .formatted(files.certificate(), files.key(), files.bundle());
  }

  PemFiles files(String path) {
    IssuedSvid svid = authority.issue(SpiffeId.parse("spiffe://agentweave.io/" + path));
    String name = path.replace('/', '-');
    return new PemFiles(
        write(name + ".crt", certificates(svid.chain())),
        write(name + ".key", pem("PRIVATE KEY", svid.key().getEncoded())),
        write("bundle.crt", certificates(authority.bundle())));
  }

  private Path write(String name, String content) {
    try {
      return Files.writeString(folder.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String certificates(List<X509Certificate> certificates) {
    StringBuilder all = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      try {
        all.append(pem("CERTIFICATE", certificate.getEncoded()));
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException(e);
      }
    }
    return all.toString();
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind);
  }
}
