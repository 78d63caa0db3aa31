package io.agentweave.pipeline.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.Payload;
import io.agentweave.validation.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RepliesTest {

  private static Part data(Object value) {
    return new Part.DataPart(Payload.ofJson(Json.write(value)));
  }

  @Test
  void answer_comesBackAsItWasGiven() {
    EventAnswer given =
        new EventAnswer(
            Optional.of("a"),
            EventStatus.STORED,
            Optional.empty(),
            List.of(),
            Optional.of("letter"),
            Map.of("database", "success"));
    assertThat(Replies.one(TaskResult.completed(data(given)), "a")).isEqualTo(given);
    assertThat(
            Replies.many(
                TaskResult.completed(
                    data(BatchAnswer.of(List.of(given, EventAnswer.filtered("b", "test_user"))))),
                List.of("a", "b")))
        .containsExactly(given, EventAnswer.filtered("b", "test_user"));
  }

  @Test
  void answerAboutAnotherEvent_isNone() {
    EventAnswer other = EventAnswer.of("b", EventStatus.STORED);
    assertThat(Replies.one(TaskResult.completed(data(other)), "a").status())
        .isEqualTo(EventStatus.FAILED);
    assertThat(
            Replies.many(
                TaskResult.completed(data(BatchAnswer.of(List.of(other)))), List.of("a", "b")))
        .extracting(EventAnswer::status)
        .containsExactly(EventStatus.FAILED, EventStatus.FAILED);
  }

  @Test
  void failedTaskWithoutAnswer_failsEveryEventWithItsError() {
    assertThat(Replies.many(TaskResult.failed("no"), List.of("a", "b")))
        .extracting(a -> a.eventId().orElse("") + " " + a.errors())
        .containsExactly("a [no]", "b [no]");
  }

  @Test
  void nonsense_isNoAnswer() {
    assertThat(Replies.one(TaskResult.completed(data(List.of(1))), "a").reason())
        .hasValue("unanswered");
    assertThat(Replies.one(TaskResult.completed(), "a").status()).isEqualTo(EventStatus.FAILED);
  }

  @Test
  void totals_areByWord() {
    assertThat(
            BatchAnswer.of(
                List.of(
                    EventAnswer.of("a", EventStatus.STORED),
                    EventAnswer.failed("b", "unreachable", "no"))))
        .extracting(
            BatchAnswer::total, BatchAnswer::succeeded, BatchAnswer::failed, BatchAnswer::totals)
        .containsExactly(2, 1, 1, Map.of("stored", 1, "failed", 1));
  }
}
