package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.contract.NormalizedEvent;
import io.agentweave.validation.ObjectText;
import java.time.Instant;

/** Events to try things with. */
final class Events {
  private Events() {}

  static NormalizedEvent event(String id, String type, String user, String time) {
    return new NormalizedEvent(
        id,
        type,
        Instant.parse(time),
        user,
        "web",
        ObjectText.of("{\"n\":1}"),
        NormalizedEvent.VERSION);
  }

  static NormalizedEvent event(String id, String type, String user) {
    return event(id, type, user, "2026-11-18T12:00:00Z");
  }
}
