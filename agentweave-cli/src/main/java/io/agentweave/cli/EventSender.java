package io.agentweave.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Sends events to the ingester in batches, a few at a time. Events that failed are sent again for a
 * while: an agent that is being restarted is no reason to give up.
 */
final class EventSender {
  private static final int MAX_EVENTS = 1_000;
  private static final int MAX_BYTES = 1 << 20;
  private static final int IN_FLIGHT = 4;
  private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(60);
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          Duration.ofSeconds(8),
          Duration.ofSeconds(15));

  private final AgentClient client;
  private final SpiffeId ingester;
  private final Console console;

  EventSender(AgentClient client, SpiffeId ingester, Console console) {
    this.client = client;
    this.ingester = ingester;
    this.console = console;
  }

  /** What was answered, and why the last failing batch failed. */
  record Sent(Totals totals, List<String> reasons) {}

  Sent send(List<byte[]> lines) throws InterruptedException {
    List<byte[]> waiting = EventBatches.elements(lines);
    Totals totals = Totals.NONE;
    List<String> reasons = List.of();
    try (Progress progress = new Progress(console, "events", waiting.size())) {
      for (int round = 0; !waiting.isEmpty(); round++) {
        Round ended = sendOnce(waiting, progress);
        totals = totals.plus(ended.totals());
        waiting = ended.failed();
        reasons = ended.reasons();
        if (waiting.isEmpty() || round == PAUSES.size()) {
          break;
        }
        Thread.sleep(PAUSES.get(round));
      }
    }
    return new Sent(totals.plus(Totals.allFailed(waiting.size())), reasons);
  }

  /** One pass: the totals without failures, and the elements that failed. */
  private record Round(Totals totals, List<byte[]> failed, List<String> reasons) {}

  private Round sendOnce(List<byte[]> elements, Progress progress) throws InterruptedException {
    List<Future<Round>> answers = new ArrayList<>();
    Semaphore places = new Semaphore(IN_FLIGHT);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (EventBatches.Batch batch : EventBatches.pack(elements, MAX_EVENTS, MAX_BYTES)) {
        places.acquire();
        answers.add(
            threads.submit(
                () -> {
                  try {
                    Round round = sendBatch(batch);
                    progress.add(round.totals().received());
                    return round;
                  } finally {
                    places.release();
                  }
                }));
      }
    }
    Totals totals = Totals.NONE;
    List<byte[]> failed = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (Future<Round> answer : answers) {
      try {
        Round round = answer.get();
        totals = totals.plus(round.totals());
        failed.addAll(round.failed());
        reasons.addAll(round.reasons());
      } catch (ExecutionException e) {
        throw new IllegalStateException("sending a batch broke", e.getCause());
      }
    }
    return new Round(totals, failed, reasons.stream().distinct().toList());
  }

  private Round sendBatch(EventBatches.Batch batch) {
    CallRequest request =
        CallRequest.of(ingester, "ingest_batch", batch.payload(), BATCH_TIMEOUT).asIdempotent();
    return switch (client.call(request)) {
      case CallOutcome.Refused<TaskResult>(var refusal) ->
          new Round(
              Totals.NONE,
              batch.elements(),
              Collections.singletonList(String.valueOf(Failure.of(refusal).getMessage())));
      case CallOutcome.Answered<TaskResult>(var result, var completed) -> answered(batch, result);
    };
  }

  private static Round answered(EventBatches.Batch batch, TaskResult result) {
    JsonNode events = Session.data(result).path("events");
    if (events.size() != batch.elements().size()) {
      String reason = result.error() == null ? "the answer has no events" : result.error();
      return new Round(Totals.NONE, batch.elements(), List.of(reason));
    }
    Totals totals = Totals.NONE;
    List<byte[]> failed = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Totals one = Totals.ofStatus(events.path(i).path("status").asText());
      if (one.failed() > 0) {
        failed.add(batch.elements().get(i));
        reasons.add(events.path(i).path("errors").path(0).asText("no reason given"));
      } else {
        totals = totals.plus(one);
      }
    }
    return new Round(totals, failed, reasons);
  }
}
