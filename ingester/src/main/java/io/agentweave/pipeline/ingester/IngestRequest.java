package io.agentweave.pipeline.ingester;

import io.agentweave.call.Payload;
import java.util.List;
import java.util.Optional;

/**
 * Takes a request apart into the events it holds, each as the bytes that came. Events are judged
 * one by one later; here only the envelope is.
 */
sealed interface IngestRequest {

  /** One member is right; some more are looked at to say what is wrong. */
  int MOST_MEMBERS = 8;

  /** The events, never none. */
  record Events(List<JsonSlice> slices) implements IngestRequest {}

  /** The envelope is wrong, and nothing of it was taken in. */
  record Refused(String error) implements IngestRequest {}

  /** Reads {@code {"event_data": …}}. */
  static IngestRequest one(Payload payload) {
    return member(payload, "event_data", "eventData");
  }

  /** Reads {@code {"events": […]}}. */
  static IngestRequest many(Payload payload, int most) {
    return switch (member(payload, "events", "events")) {
      case Refused refused -> refused;
      case Events(var slices) -> {
        Optional<JsonSlice.Contents<JsonSlice>> elements = slices.getFirst().elements(most);
        if (elements.isEmpty()) {
          yield new Refused("events: must be a list");
        } else if (elements.get().count() == 0) {
          yield new Refused("events: must hold at least one event (found an empty list)");
        } else if (elements.get().count() > most) {
          yield new Refused(
              "events: must hold at most %d events (found %d)"
                  .formatted(most, elements.get().count()));
        }
        yield new Events(elements.get().first());
      }
    };
  }

  private static IngestRequest member(Payload payload, String name, String otherName) {
    Optional<JsonSlice.Contents<JsonSlice.Member>> members =
        JsonSlice.of(payload.bytes()).members(MOST_MEMBERS);
    if (members.isEmpty()) {
      return new Refused("payload: must be a JSON object with the member " + name);
    }
    for (JsonSlice.Member member : members.get().first()) {
      if (!member.name().equals(name) && !member.name().equals(otherName)) {
        return new Refused("payload: must hold " + name + " and nothing else");
      }
    }
    return switch (members.get().count()) {
      case 0 -> new Refused(name + ": is required");
      case 1 -> new Events(List.of(members.get().first().getFirst().value()));
      default -> new Refused(name + ": must stand only once");
    };
  }
}
