package io.agentweave.server;

import io.agentweave.call.Refusal;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of requests are inside, whole or in part, from their arrival to their answer, and
 * how many are made of them: unpacked, parsed, as trees of JSON. Streams are bounded in number, and
 * messages in length; without this, a peer could fill the memory with many long ones that it never
 * ends.
 */
final class InflightBytes {
  private final long limit;
  private final long limitPerPeer;
  private final AtomicLong all = new AtomicLong();
  private final Map<SpiffeId, Long> byPeer = new ConcurrentHashMap<>();

  /** A peer may have half of {@code limit}. */
  InflightBytes(long limit) {
    this.limit = limit;
    this.limitPerPeer = limit / 2;
  }

  /** A quarter of the heap, and never less than two messages for each of two peers. */
  static InflightBytes forMessagesOf(int maxMessageBytes) {
    return new InflightBytes(Math.max(Runtime.getRuntime().maxMemory() / 4, 4L * maxMessageBytes));
  }

  /** What a peer is told whose bytes are too many. */
  static Refusal refusal() {
    return new Refusal.Overloaded(
        "inflight_bytes",
        Duration.ofMillis(250),
        "the requests of the peer fill the room that it may have");
  }

  /** Counts bytes in; false when they are more than there is room for. */
  boolean add(SpiffeId peer, long bytes) {
    long total = all.addAndGet(bytes);
    long ofPeer = byPeer.merge(peer, bytes, Long::sum);
    return total <= limit && ofPeer <= limitPerPeer;
  }

  /** Counts bytes out again, those that were too many included. */
  void remove(SpiffeId peer, long bytes) {
    all.addAndGet(-bytes);
    byPeer.computeIfPresent(peer, (id, held) -> held == bytes ? null : held - bytes);
  }

  long total() {
    return all.get();
  }

  int peers() {
    return byPeer.size();
  }
}
