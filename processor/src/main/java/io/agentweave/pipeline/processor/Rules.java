package io.agentweave.pipeline.processor;

import java.util.Optional;
import java.util.Set;

/** Step 2: business rules that leave events out. */
final class Rules {
  private final boolean skipTestUsers;
  private final Set<String> skippedTypes;
  private final Sample sample;

  Rules(ProcessorConfig.Rules settings) {
    this.skipTestUsers = settings.skipTestUsers();
    this.skippedTypes = Set.copyOf(settings.skippedTypes());
    this.sample = new Sample(settings.sampleRate());
  }

  /** Which rule leaves the event out, in one word; empty when it stays. */
  Optional<String> leavingOut(EnrichedEvent event) {
    if (skipTestUsers && event.user().isTest()) {
      return Optional.of("test_user");
    } else if (skippedTypes.contains(event.event().eventType())) {
      return Optional.of("skipped_type");
    } else if (!sample.holds(event.event().eventId())) {
      return Optional.of("not_sampled");
    }
    return Optional.empty();
  }
}
