package io.agentweave.pipeline.ingester;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.call.Violation;
import io.agentweave.pipeline.contract.Event;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonLimits;
import io.agentweave.validation.JsonReading;
import io.agentweave.validation.Reading;
import io.agentweave.validation.RecordReader;
import java.util.List;
import java.util.Optional;

/**
 * Step 1: is it an event? One that passes is small and shallow enough to travel in a batch with any
 * others.
 */
sealed interface Validation {
  /** 128 KiB, 32 levels, numbers of 1,000 digits. */
  JsonLimits LIMITS = new JsonLimits(128 << 10, 32, JsonLimits.USUAL.numberLength());

  /** The only member of what senders put in place of a line that is not UTF-8. */
  String LINE_BASE64 = "line_base64";

  /** It is one. */
  record Valid(Event event) implements Validation {}

  /**
   * It is none.
   *
   * @param eventId as far as there is one
   * @param reason {@code not_json} or {@code invalid}
   * @param errors one for each wrong field, never empty
   */
  record Invalid(Optional<String> eventId, String reason, List<String> errors)
      implements Validation {}

  static Validation of(JsonSlice slice) {
    if (slice.startsWith('"')) {
      return new Invalid(
          Optional.empty(),
          "not_json",
          List.of("payload: must be a JSON object (found a line of text)"));
    }
    Event plain = slice.readPlain(Fields.READER, LIMITS);
    if (plain != null) {
      return new Valid(plain);
    }
    return switch (Json.read(slice.copy(), LIMITS)) {
      case JsonReading.Refused(var violations) ->
          new Invalid(Optional.empty(), "not_json", errors(violations));
      case JsonReading.Parsed(var tree) when tree.size() == 1 && tree.has(LINE_BASE64) ->
          new Invalid(
              Optional.empty(),
              "not_json",
              List.of("payload: must be UTF-8 (found a line of other bytes, kept as base64)"));
      case JsonReading.Parsed(var tree) ->
          switch (Fields.READER.read(tree)) {
            case Reading.Read<Event>(var event) -> new Valid(event);
            case Reading.Unfit<Event>(var violations) ->
                new Invalid(id(tree), "invalid", errors(violations));
          };
    };
  }

  private static List<String> errors(List<Violation> violations) {
    return violations.stream().map(Violation::toString).toList();
  }

  private static Optional<String> id(JsonNode tree) {
    JsonNode id = tree.path("event_id");
    return id.isTextual() && !id.textValue().isBlank() && id.textValue().length() <= 256
        ? Optional.of(id.textValue())
        : Optional.empty();
  }

  /** Knows the fields. */
  final class Fields {
    private static final RecordReader<Event> READER = RecordReader.of(Event.class);

    private Fields() {}
  }
}
