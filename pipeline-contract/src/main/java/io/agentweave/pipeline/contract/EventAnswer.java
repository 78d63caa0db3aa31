package io.agentweave.pipeline.contract;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer for one event.
 *
 * @param eventId as far as one could be read
 * @param status what became of it
 * @param errors of an invalid or failed event: what is wrong, one sentence for each field
 * @param deadLetterId where it is kept, when it is
 * @param destinations of a stored event: {@code database}, {@code warehouse}, {@code search}
 */
public record EventAnswer(
    Optional<String> eventId,
    EventStatus status,
    List<String> errors,
    Optional<String> deadLetterId,
    Map<String, String> destinations) {

  public EventAnswer {
    errors = List.copyOf(errors);
    destinations = Map.copyOf(destinations);
  }

  /** An answer that has nothing to add to its status. */
  public static EventAnswer of(String eventId, EventStatus status) {
    return new EventAnswer(Optional.of(eventId), status, List.of(), Optional.empty(), Map.of());
  }
}
