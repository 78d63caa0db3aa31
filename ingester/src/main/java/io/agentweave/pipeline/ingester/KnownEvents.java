package io.agentweave.pipeline.ingester;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Step 4: a bounded number of ids of events that are certainly stored, with the fingerprint of what
 * was stored under them, so that most duplicates end here. Whether an event is a duplicate is for
 * the database's unique key to say; an id comes in here only after that was said. What says
 * something else under a known id goes on: storage tells whether that is a conflict or another
 * spelling. Safe for use by many threads.
 */
final class KnownEvents {
  private final Cache<String, Long> contents;

  KnownEvents(int most) {
    this.contents = Caffeine.newBuilder().maximumSize(most).executor(Runnable::run).build();
  }

  boolean isStored(Ingestion.Outgoing event) {
    Long content = contents.getIfPresent(event.eventId());
    return content != null && content == event.content();
  }

  void stored(Ingestion.Outgoing event) {
    contents.put(event.eventId(), event.content());
  }
}
