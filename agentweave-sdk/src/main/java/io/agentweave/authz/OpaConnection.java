package io.agentweave.authz;

import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/** Sets up the way to OPA: straight to the endpoint, through no proxy and after no redirect. */
final class OpaConnection {
  private static final String UNIX = "unix://";

  private OpaConnection() {}

  static OpaExchange to(
      String endpoint, String policyPath, Duration timeout, @Nullable Path caCertificates) {
    boolean unix = endpoint.startsWith(UNIX);
    HttpUrl base = HttpUrl.parse(unix ? "http://localhost" : endpoint);
    if (base == null || base.query() != null || base.fragment() != null) {
      throw new IllegalArgumentException(
          "the OPA endpoint must be http://host:port, https://host:port or unix:///path");
    }
    if (!base.username().isEmpty() || !base.password().isEmpty()) {
      throw new IllegalArgumentException("the OPA endpoint must not hold a user or password");
    }
    if (caCertificates != null && !base.isHttps()) {
      throw new IllegalArgumentException("authorities are of use only for an https OPA endpoint");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("the OPA timeout must be positive, found " + timeout);
    }
    OkHttpClient.Builder http =
        new OkHttpClient.Builder()
            // OpaExchange limits the whole question.
            .connectTimeout(Duration.ZERO)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .fastFallback(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .proxy(Proxy.NO_PROXY)
            .protocols(List.of(Protocol.HTTP_1_1))
            .connectionSpecs(List.of(ConnectionSpec.RESTRICTED_TLS, ConnectionSpec.CLEARTEXT))
            // As many as are ever open: fewer would close and open some in each burst.
            .connectionPool(new ConnectionPool(OpaExchange.MAX_AT_ONCE, 1, TimeUnit.MINUTES));
    if (unix) {
      Path socket = Path.of(endpoint.substring(UNIX.length()));
      http.socketFactory(new UnixSocketFactory(socket))
          .dns(host -> List.of(InetAddress.getLoopbackAddress()));
    }
    if (caCertificates != null) {
      trustOnly(caCertificates, http);
    }
    HttpUrl url =
        base.newBuilder()
            .addPathSegments("v1/data/" + policyPath)
            .addQueryParameter("provenance", "true")
            .build();
    return new OpaExchange(http.build(), url, endpoint, timeout);
  }

  private static void trustOnly(Path caCertificates, OkHttpClient.Builder http) {
    try (InputStream pem = PlainFile.open(caCertificates)) {
      Collection<? extends Certificate> authorities =
          CertificateFactory.getInstance("X.509").generateCertificates(pem);
      if (authorities.isEmpty()) {
        throw new IllegalArgumentException("no certificate in " + caCertificates);
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate authority : authorities) {
        store.setCertificateEntry("authority-" + number++, authority);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      TrustManager[] managers = factory.getTrustManagers();
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, managers, null);
      http.sslSocketFactory(tls.getSocketFactory(), (X509TrustManager) managers[0]);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "the authorities in %s can't be used: %s".formatted(caCertificates, e.getMessage()), e);
    }
  }
}
