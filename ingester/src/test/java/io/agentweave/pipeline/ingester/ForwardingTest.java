package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.AgentCallException;
import io.agentweave.call.Deadline;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.config.ObservabilitySection;
import io.agentweave.identity.SpiffeId;
import io.agentweave.pipeline.contract.BatchAnswer;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class ForwardingTest {
  private static final Telemetry TELEMETRY =
      Telemetry.start(
          new TelemetrySettings(
              "ingester",
              Optional.empty(),
              "development",
              new ObservabilitySection.Tracing(false, "otlp", "http://localhost:4317", 1.0),
              Set.of()));
  private static final SpiffeId SELF = SpiffeId.parse("spiffe://agentweave.io/agent/ingester");
  private static final SpiffeId PROCESSOR =
      SpiffeId.parse("spiffe://agentweave.io/agent/processor");

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @AfterAll
  static void close() {
    TELEMETRY.close();
  }

  private static Forwarding forwarding(Forwarding.Calls calls, int chunk, int concurrent) {
    return new Forwarding(
        calls,
        SELF,
        PROCESSOR,
        new IngesterConfig.Ingester(1000, chunk, concurrent, Duration.ofMinutes(5), 100, 1000, 10),
        TELEMETRY);
  }

  private static List<Ingestion.Outgoing> events(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Ingestion.Outgoing(
                    "e" + i, "s", Payload.ofJson("{\"event_id\":\"e" + i + "\"}")))
        .toList();
  }

  private TaskResult processed(
      SpiffeId target, String capability, Payload payload, Duration timeout) {
    most.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      List<EventAnswer> answers =
          ids(payload).stream().map(id -> EventAnswer.of(id, EventStatus.PROCESSED)).toList();
      return TaskResult.completed(
          new Part.DataPart(Payload.ofJson(Json.write(BatchAnswer.of(answers)))));
    } finally {
      running.decrementAndGet();
    }
  }

  private static List<String> ids(Payload payload) {
    JsonNode tree = ((JsonReading.Parsed) Json.read(payload.bytes())).tree();
    return tree.findValuesAsText("event_id");
  }

  @Test
  void chunks_runBesideEachOtherUpToTheBound() {
    List<EventAnswer> answers =
        forwarding(this::processed, 5, 3).many(events(200), Deadline.in(Duration.ofMinutes(5)));
    assertThat(answers).hasSize(200).allMatch(a -> a.status() == EventStatus.PROCESSED);
    assertThat(answers.getLast().eventId()).hasValue("e199");
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void chunkWithoutAnswer_failsAndLeavesTheOthersAlone() {
    AtomicInteger calls = new AtomicInteger();
    List<EventAnswer> answers =
        forwarding(
                (target, capability, payload, timeout) -> {
                  if (calls.incrementAndGet() == 2) {
                    throw new AgentCallException(
                        target, capability, new Refusal.Unreachable("gone"));
                  }
                  return processed(target, capability, payload, timeout);
                },
                10,
                1)
            .many(events(30), Deadline.in(Duration.ofMinutes(5)));
    assertThat(answers).filteredOn(a -> a.status() == EventStatus.PROCESSED).hasSize(20);
    assertThat(answers)
        .filteredOn(a -> a.status() == EventStatus.FAILED)
        .hasSize(10)
        .allMatch(a -> a.reason().equals(Optional.of("unreachable")))
        .allMatch(
            a ->
                a.errors()
                    .equals(List.of("the processor did not answer (unreachable), try again")));
  }

  @Test
  void processorThatRefusesForGood_isNotCalledRetryable() {
    assertThat(
            forwarding(
                    (target, capability, payload, timeout) -> {
                      throw new AgentCallException(
                          target, capability, new Refusal.Denied("d", "no_grant", "no"));
                    },
                    10,
                    1)
                .many(events(1), Deadline.in(Duration.ofMinutes(5)))
                .getFirst()
                .errors())
        .containsExactly("the processor did not answer (denied)");
  }

  @Test
  void noTurnBeforeTheDeadline_fails() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Forwarding forwarding =
        forwarding(
            (target, capability, payload, timeout) -> {
              called.countDown();
              awaitUninterruptibly(goOn);
              return processed(target, capability, payload, timeout);
            },
            10,
            1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<EventAnswer>> first =
          threads.submit(() -> forwarding.many(events(1), Deadline.in(Duration.ofMinutes(5))));
      called.await();
      assertThat(forwarding.many(events(1), Deadline.in(Duration.ofMillis(20))).getFirst().reason())
          .hasValue("overloaded");
      goOn.countDown();
      assertThat(first.get().getFirst().status()).isEqualTo(EventStatus.PROCESSED);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void singleEventWithoutAnswer_isTheCallersToTryAgain() {
    assertThatThrownBy(
            () ->
                forwarding(
                        (target, capability, payload, timeout) -> {
                          throw new AgentCallException(
                              target, capability, new Refusal.Unreachable("gone"));
                        },
                        10,
                        1)
                    .one(events(1)))
        .isInstanceOf(AgentCallException.class);
  }
}
