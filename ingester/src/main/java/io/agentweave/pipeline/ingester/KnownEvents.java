package io.agentweave.pipeline.ingester;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Step 4: a bounded number of ids of events that are certainly stored, so that most duplicates end
 * here. Whether an event is a duplicate is for the database's unique key to say; an id comes in
 * here only after that was said. Safe for use by many threads.
 */
final class KnownEvents {
  private final Cache<String, Boolean> ids;

  KnownEvents(int most) {
    this.ids = Caffeine.newBuilder().maximumSize(most).executor(Runnable::run).build();
  }

  boolean isStored(String eventId) {
    return ids.getIfPresent(eventId) != null;
  }

  void stored(String eventId) {
    ids.put(eventId, true);
  }
}
