package io.agentweave.agent;

import io.agentweave.validation.Constraints;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;

/** What an agent will need, made before somebody waits for it. */
final class WarmUp {
  /** By then whoever waited for the agent has been served. */
  private static final Duration AFTER_START = Duration.ofSeconds(5);

  private WarmUp() {}

  /** The JDK's tables for the curve of nearly every SVID: a tenth of a second of arithmetic. */
  static void cryptography() {
    inBackground(
        "cryptography",
        () -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
          generator.initialize(new ECGenParameterSpec("secp256r1"));
          return generator.generateKeyPair();
        });
  }

  /** The validator, which only calls that break a rule need. */
  static void afterStart() {
    inBackground(
        "validator",
        () -> {
          Thread.sleep(AFTER_START);
          Constraints.warmUp();
          return true;
        });
  }

  @FunctionalInterface
  private interface Preparation {
    Object prepare() throws GeneralSecurityException, InterruptedException;
  }

  private static void inBackground(String what, Preparation preparation) {
    Thread.ofPlatform()
        .daemon()
        .name("agentweave-warm-up-" + what)
        .start(
            () -> {
              try {
                preparation.prepare();
              } catch (GeneralSecurityException | InterruptedException e) {
                // falls through: whoever needs it says what is wrong with it
              }
            });
  }
}
