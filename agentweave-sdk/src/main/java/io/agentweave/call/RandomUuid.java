package io.agentweave.call;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;

/**
 * Random UUIDs (RFC 9562, section 5.4) as text. As unguessable as those of {@link
 * UUID#randomUUID()}, whose every draw from the system's generator costs more than the rest of it;
 * here one draw serves many. Safe for use by many threads.
 */
public final class RandomUuid {
  private static final int BYTES = 16;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] DRAWN = new byte[128 * BYTES];
  private static int used = DRAWN.length;

  private RandomUuid() {}

  public static String next() {
    long high;
    long low;
    synchronized (DRAWN) {
      if (used == DRAWN.length) {
        RANDOM.nextBytes(DRAWN);
        used = 0;
      }
      high = (long) LONG.get(DRAWN, used);
      low = (long) LONG.get(DRAWN, used + Long.BYTES);
      Arrays.fill(DRAWN, used, used + BYTES, (byte) 0);
      used += BYTES;
    }
    long version4 = (high & ~0xF000L) | 0x4000L;
    long variant = (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(version4, variant).toString();
  }
}
