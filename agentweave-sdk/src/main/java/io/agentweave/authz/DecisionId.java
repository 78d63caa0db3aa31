package io.agentweave.authz;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Makes the ids of decisions: UUIDs of version 7 (RFC 9562), so that they sort by time. */
final class DecisionId {
  private DecisionId() {}

  static String next() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long time = (System.currentTimeMillis() << 16) | 0x7000L | random.nextLong(0x1000);
    long rest = 0x8000_0000_0000_0000L | (random.nextLong() >>> 2);
    return new UUID(time, rest).toString();
  }
}
