package io.agentweave.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.client.CallRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What agents are trained with is what the pipeline gets: events, each one new to it. */
final class TrainingTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** Keeps what it gets. */
  private static final class Ingester extends CalledOnly {
    private final Queue<CallRequest> calls = new ConcurrentLinkedQueue<>();
    private final CallOutcome<TaskResult> answer;

    Ingester(CallOutcome<TaskResult> answer) {
      this.answer = answer;
    }

    @Override
    public CallOutcome<TaskResult> call(CallRequest request) {
      calls.add(request);
      return answer;
    }

    List<JsonNode> payloads() {
      return calls.stream().map(call -> tree(call)).toList();
    }

    private static JsonNode tree(CallRequest call) {
      try {
        return Session.tree(call.payload());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final CallOutcome<TaskResult> STORED =
      new CallOutcome.Answered<>(TaskResult.completed(), true);

  private static Training training(Ingester ingester, String... lines) {
    List<EventLine> read = new ArrayList<>();
    for (String line : lines) {
      read.add(new EventLine(read.size() + 1L, line.length(), line.getBytes(UTF_8)));
    }
    return new Training(ingester, CallOptions.target("ingester"), read);
  }

  private static final String EVENT = "{\"event_id\": \"a\", \"source\": \"web\", \"n\": 1.50}";

  @Test
  void singleEvents_goAloneAndEachUnderAnIdOfItsOwn() throws InterruptedException {
    Ingester ingester = new Ingester(STORED);

    Training.Trained trained =
        training(ingester, EVENT).run(List.of(new Training.Load(1, 4, 10, LONG)));

    assertThat(trained).isEqualTo(new Training.Trained(10, 10));
    assertThat(ingester.calls).extracting(CallRequest::capability).containsOnly("ingest_event");
    List<JsonNode> events =
        ingester.payloads().stream().map(one -> one.path("event_data")).toList();
    assertThat(events).extracting(event -> event.path("event_id").asText()).doesNotHaveDuplicates();
    assertThat(events)
        .allSatisfy(
            event -> assertThat(event.toString()).endsWith(",\"source\":\"web\",\"n\":1.50}"));
  }

  @Test
  void batches_areFullAndHaveNewIdsToo() throws InterruptedException {
    Ingester ingester = new Ingester(STORED);

    training(ingester, EVENT, EVENT)
        .run(List.of(new Training.Load(1, 1, 2, LONG), new Training.Load(3, 2, 6, LONG)));

    assertThat(ingester.calls)
        .extracting(CallRequest::capability)
        .containsExactly("ingest_event", "ingest_event", "ingest_batch", "ingest_batch");
    List<JsonNode> batches = ingester.payloads().subList(2, 4);
    assertThat(batches).allSatisfy(batch -> assertThat(batch.path("events")).hasSize(3));
    assertThat(ingester.payloads())
        .flatExtracting(payload -> payload.findValuesAsText("event_id"))
        .hasSize(8)
        .doesNotHaveDuplicates();
  }

  @Test
  void linesThatAreNoEvents_areLeftOut() throws InterruptedException {
    Ingester ingester = new Ingester(STORED);

    training(ingester, "no json", "[]", "{\"event_id\":7}", "{}", EVENT)
        .run(List.of(new Training.Load(1, 1, 5, LONG)));

    assertThat(ingester.payloads())
        .hasSize(5)
        .allSatisfy(
            one -> assertThat(one.path("event_data").path("source").asText()).isEqualTo("web"));
  }

  @Test
  void nothingToSend_sendsNothing() throws InterruptedException {
    Ingester ingester = new Ingester(STORED);

    assertThat(training(ingester, "{}").run(List.of(new Training.Load(1, 1, 5, LONG))))
        .isEqualTo(new Training.Trained(0, 0));
    assertThat(ingester.calls).isEmpty();
  }

  @Test
  void refusedCalls_areNotCountedAsAnswered() throws InterruptedException {
    Ingester ingester =
        new Ingester(new CallOutcome.Refused<>(new Refusal.Denied("d-1", "no_grant", "")));

    assertThat(training(ingester, EVENT).run(List.of(new Training.Load(1, 2, 4, LONG))))
        .isEqualTo(new Training.Trained(4, 0));
  }

  @Test
  void time_endsALoadWithoutAnEndOfItsOwn() throws InterruptedException {
    Ingester ingester = new Ingester(STORED);

    Training.Trained trained =
        training(ingester, EVENT)
            .run(List.of(new Training.Load(1, 2, Long.MAX_VALUE, Duration.ofMillis(30))));

    assertThat(trained.sent()).isPositive().isEqualTo(ingester.calls.size());
  }
}
