package io.agentweave.pipeline.ingester;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Places of a batch by what stands there: the first of each, and those that come after it.
 *
 * @param <K> by which things are told apart
 */
final class Repeats<K> {
  private final Map<K, Integer> firsts = new LinkedHashMap<>();
  private final Map<Integer, Integer> repeats = new TreeMap<>();

  /** Takes places in their order. */
  void add(K key, int place) {
    Integer first = firsts.putIfAbsent(key, place);
    if (first != null) {
      repeats.put(place, first);
    }
  }

  /** The first place of each, in order. */
  Collection<Integer> firsts() {
    return firsts.values();
  }

  /** Which place repeats which first one. */
  interface Repeated {
    void repeats(int place, int first);
  }

  void forEach(Repeated repeated) {
    repeats.forEach(repeated::repeats);
  }
}
