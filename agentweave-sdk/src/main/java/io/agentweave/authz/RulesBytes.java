package io.agentweave.authz;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A rules' module as it was read, with its hash, which takes a cold JVM long enough to do once. */
final class RulesBytes {
  private final byte[] wasm;
  private final byte[] sha256;

  RulesBytes(byte[] wasm) {
    this.wasm = wasm.clone();
    sha256 = sha256().digest(wasm);
  }

  /** The module itself, to be read only. */
  byte[] wasm() {
    return wasm;
  }

  /** SHA-256 in hexadecimal. */
  String hash() {
    return HexFormat.of().formatHex(sha256);
  }

  /** The start of a hash over module and grants. */
  String revisionWith(byte[] grants) {
    MessageDigest digest = sha256();
    digest.update(sha256);
    return HexFormat.of().formatHex(digest.digest(grants), 0, 8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
