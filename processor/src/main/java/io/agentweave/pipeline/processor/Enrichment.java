package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.contract.NormalizedEvent;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Step 1: adds who the user is, and day and hour. */
final class Enrichment {
  private final UserDirectory users;

  Enrichment(UserDirectory users) {
    this.users = users;
  }

  List<EnrichedEvent> enrich(List<NormalizedEvent> events) {
    Set<String> ids = new LinkedHashSet<>();
    events.forEach(event -> ids.add(event.userId()));
    Map<String, User> known = users.find(ids);
    return events.stream()
        .map(event -> enrich(event, known.getOrDefault(event.userId(), User.UNKNOWN)))
        .toList();
  }

  private static EnrichedEvent enrich(NormalizedEvent event, User user) {
    ZonedDateTime time = event.timestamp().atZone(ZoneOffset.UTC);
    return new EnrichedEvent(
        event,
        user,
        time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
        time.getHour());
  }
}
