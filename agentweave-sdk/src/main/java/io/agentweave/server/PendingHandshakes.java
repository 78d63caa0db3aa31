package io.agentweave.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Handshakes that have begun and not ended. When there are too many, the address that has most of
 * them makes room with its oldest: whoever floods hinders itself first. Safe for use by many
 * threads.
 */
final class PendingHandshakes {
  private final int most;
  private final Map<Object, Deque<Runnable>> byAddress = new HashMap<>();
  private int size;

  PendingHandshakes(int most) {
    this.most = most;
  }

  /**
   * @param abandon ends the handshake
   * @return the handshake to end, when there are too many now
   */
  synchronized Optional<Runnable> add(Object address, Runnable abandon) {
    byAddress.computeIfAbsent(address, none -> new ArrayDeque<>()).addLast(abandon);
    size++;
    if (size <= most) {
      return Optional.empty();
    }
    var crowd =
        byAddress.entrySet().stream()
            .max((a, b) -> Integer.compare(a.getValue().size(), b.getValue().size()))
            .orElseThrow();
    Runnable oldest = crowd.getValue().getFirst();
    remove(crowd.getKey(), oldest);
    return Optional.of(oldest);
  }

  synchronized void remove(Object address, Runnable abandon) {
    Deque<Runnable> held = byAddress.get(address);
    if (held != null && held.remove(abandon)) {
      size--;
      if (held.isEmpty()) {
        byAddress.remove(address);
      }
    }
  }

  synchronized int size() {
    return size;
  }
}
