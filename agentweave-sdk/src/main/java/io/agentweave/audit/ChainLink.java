package io.agentweave.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The place of one record in the chain: its number and its hash. Immutable. */
final class ChainLink {
  private final long sequence;
  private final byte[] hash;

  /** Takes the array over. */
  ChainLink(long sequence, byte[] hash) {
    this.sequence = sequence;
    this.hash = hash;
  }

  /** What comes before the first record of an agent: bound to its name, so no two logs mix. */
  static ChainLink origin(String agent) {
    MessageDigest sha256 = RecordLine.sha256();
    return new ChainLink(
        0, sha256.digest(("agentweave audit 1\n" + agent).getBytes(StandardCharsets.UTF_8)));
  }

  static ChainLink of(long sequence, String hash) {
    return new ChainLink(sequence, HexFormat.of().parseHex(hash));
  }

  long sequence() {
    return sequence;
  }

  /** The bytes themselves; do not write to them. */
  byte[] rawHash() {
    return hash;
  }

  /** Lower-case hex. */
  String hash() {
    return HexFormat.of().formatHex(hash);
  }
}
