package io.agentweave.pipeline.ingester;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import io.agentweave.pipeline.contract.EventAnswer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * What was answered for the invalid events of batches that came lately. A caller that lost the
 * answer sends the same batch again; its invalid events are dead letters already and do not become
 * so twice. After a restart they may. Safe for use by many threads.
 */
final class KeptRejects {
  private static final int MOST_BATCHES = 1_000;
  private static final Duration SENT_AGAIN_WITHIN = Duration.ofMinutes(10);

  private final Cache<Key, List<EventAnswer>> answers =
      Caffeine.newBuilder()
          .maximumSize(MOST_BATCHES)
          .expireAfterWrite(SENT_AGAIN_WITHIN)
          .executor(Runnable::run)
          .build();

  private record Key(SpiffeId caller, String batchSha256) {}

  /**
   * The earlier answers for the invalid events of this batch, or those of {@code keeping}, which
   * makes them dead letters. Of two threads with the same batch one waits for the other.
   */
  List<EventAnswer> once(SpiffeId caller, Payload batch, Supplier<List<EventAnswer>> keeping) {
    return answers.get(new Key(caller, sha256(batch.bytes())), key -> keeping.get());
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
