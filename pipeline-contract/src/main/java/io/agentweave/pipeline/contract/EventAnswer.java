package io.agentweave.pipeline.contract;

import io.agentweave.validation.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer for one event.
 *
 * @param eventId as far as one could be read
 * @param status what became of it
 * @param reason one word for why it was filtered, failed or is invalid
 * @param errors of an invalid or failed event: what is wrong, one sentence for each field
 * @param deadLetterId where it is kept, when it is
 * @param destinations of a stored event: {@code database}, {@code warehouse}, {@code search}
 */
public record EventAnswer(
    Optional<String> eventId,
    EventStatus status,
    Optional<String> reason,
    List<String> errors,
    Optional<String> deadLetterId,
    Map<String, String> destinations) {

  public EventAnswer {
    errors = List.copyOf(errors);
    destinations = Map.copyOf(destinations);
  }

  /** An answer that has nothing to add to its status. */
  public static EventAnswer of(String eventId, EventStatus status) {
    return of(eventId, status, Map.of());
  }

  public static EventAnswer of(
      String eventId, EventStatus status, Map<String, String> destinations) {
    return new EventAnswer(
        Optional.of(eventId), status, Optional.empty(), List.of(), Optional.empty(), destinations);
  }

  /** A rule named {@code reason} leaves the event out. */
  public static EventAnswer filtered(String eventId, String reason) {
    return new EventAnswer(
        Optional.of(eventId),
        EventStatus.FILTERED,
        Optional.of(reason),
        List.of(),
        Optional.empty(),
        Map.of());
  }

  /** The event was not stored, and {@code error} says why. */
  public static EventAnswer failed(String eventId, String reason, String error) {
    return new EventAnswer(
        Optional.of(eventId),
        EventStatus.FAILED,
        Optional.of(reason),
        List.of(error),
        Optional.empty(),
        Map.of());
  }

  /** Writes it as {@link Replies} reads it. */
  void writeTo(JsonText out) {
    out.raw("{");
    if (eventId.isPresent()) {
      out.raw("\"event_id\":").string(eventId.get()).raw(",");
    }
    out.raw("\"status\":").string(status.word());
    if (reason.isPresent()) {
      out.raw(",\"reason\":").string(reason.get());
    }
    String separator = ",\"errors\":[";
    for (String error : errors) {
      out.raw(separator).string(error);
      separator = ",";
    }
    out.raw(errors.isEmpty() ? ",\"errors\":[]" : "]");
    if (deadLetterId.isPresent()) {
      out.raw(",\"dead_letter_id\":").string(deadLetterId.get());
    }
    separator = ",\"destinations\":{";
    for (Map.Entry<String, String> destination : destinations.entrySet()) {
      out.raw(separator).string(destination.getKey()).raw(":").string(destination.getValue());
      separator = ",";
    }
    out.raw(destinations.isEmpty() ? ",\"destinations\":{}}" : "}}");
  }

  /** The same answer in another agent's word. */
  public EventAnswer as(EventStatus other) {
    return new EventAnswer(eventId, other, reason, errors, deadLetterId, destinations);
  }
}
