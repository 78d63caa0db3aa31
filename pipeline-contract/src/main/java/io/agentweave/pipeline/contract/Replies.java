package io.agentweave.pipeline.contract;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.Payload;
import io.agentweave.validation.Reading;
import io.agentweave.validation.RecordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what the next agent answered. Whatever it said, there is one answer for each event that it
 * was given: an event it did not answer for has failed.
 */
public final class Replies {
  private static final RecordReader<EventAnswer> ONE = RecordReader.of(EventAnswer.class);
  private static final RecordReader<BatchAnswer> MANY = RecordReader.of(BatchAnswer.class);

  private Replies() {}

  /** The answer for the one event that was sent. */
  public static EventAnswer one(TaskResult reply, String eventId) {
    return data(reply)
        .flatMap(data -> read(ONE, data))
        .filter(answer -> answer.eventId().equals(Optional.of(eventId)))
        .orElseGet(() -> unanswered(reply, eventId));
  }

  /** The answers for the events that were sent, in their order. */
  public static List<EventAnswer> many(TaskResult reply, List<String> eventIds) {
    List<EventAnswer> given =
        data(reply).flatMap(data -> read(MANY, data)).map(BatchAnswer::events).orElse(List.of());
    List<EventAnswer> answers = new ArrayList<>(eventIds.size());
    for (int i = 0; i < eventIds.size(); i++) {
      String id = eventIds.get(i);
      boolean answered =
          given.size() == eventIds.size() && given.get(i).eventId().equals(Optional.of(id));
      answers.add(answered ? given.get(i) : unanswered(reply, id));
    }
    return answers;
  }

  private static Optional<Payload> data(TaskResult reply) {
    return reply.messages().stream()
        .flatMap(message -> message.parts().stream())
        .filter(Part.DataPart.class::isInstance)
        .map(part -> ((Part.DataPart) part).json())
        .findFirst();
  }

  private static <T extends Record> Optional<T> read(RecordReader<T> reader, Payload data) {
    return switch (reader.read(data.bytes())) {
      case Reading.Read<T>(var value) -> Optional.of(value);
      case Reading.Unfit<T> unfit -> Optional.empty();
    };
  }

  private static EventAnswer unanswered(TaskResult reply, String eventId) {
    String error = reply.error();
    return error == null
        ? EventAnswer.failed(eventId, "unanswered", "the next agent did not answer for this event")
        : EventAnswer.failed(eventId, "refused", error);
  }
}
