package io.agentweave.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Has the JDK make what it makes once for each process, before somebody waits for it: the tables of
 * the curve that nearly every SVID is on, and its lists of cipher suites. Together they are a
 * quarter of a second of a cold JVM.
 */
final class CryptoWarmUp {
  private CryptoWarmUp() {}

  static void start() {
    inBackground("curve", CryptoWarmUp::curve);
    inBackground("tls", CryptoWarmUp::tls);
  }

  private static void curve() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    generator.generateKeyPair();
  }

  private static void tls() throws GeneralSecurityException {
    // No managers: the JDK would read its own trust store.
    SSLContext.getInstance("TLS").init(new KeyManager[0], new TrustManager[0], null);
  }

  @FunctionalInterface
  private interface Preparation {
    void prepare() throws GeneralSecurityException;
  }

  private static void inBackground(String what, Preparation preparation) {
    Thread.ofPlatform()
        .daemon()
        .name("agentweave-warm-up-" + what)
        .start(
            () -> {
              try {
                preparation.prepare();
              } catch (GeneralSecurityException e) {
                // falls through: whoever needs it says what is wrong with it
              }
            });
  }
}
