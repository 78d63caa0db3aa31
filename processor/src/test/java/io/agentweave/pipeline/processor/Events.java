package io.agentweave.pipeline.processor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.agentweave.pipeline.contract.NormalizedEvent;
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
        JsonNodeFactory.instance.objectNode().put("n", 1),
        NormalizedEvent.VERSION);
  }

  static NormalizedEvent event(String id, String type, String user) {
    return event(id, type, user, "2026-11-18T12:00:00Z");
  }
}
