package io.agentweave.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.call.VisibleText;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

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

  private static final int LINES_NAMED = 20;
  private static final String TOO_LARGE = "payload_too_large";

  private final AgentClient client;
  private final SpiffeId ingester;
  private final int largestCall;
  private final Console console;

  /**
   * @param largestCall how many bytes of payload a call may have
   */
  EventSender(AgentClient client, SpiffeId ingester, int largestCall, Console console) {
    this.client = client;
    this.ingester = ingester;
    this.largestCall = largestCall;
    this.console = console;
  }

  /** What was answered, which lines no call can carry, and why the last round failed. */
  record Sent(Totals totals, List<String> reasons) {}

  Sent send(List<EventLine> lines) throws InterruptedException {
    List<EventLine> waiting = new ArrayList<>();
    List<String> hopeless = new ArrayList<>();
    for (EventLine line : lines) {
      Optional<EventLine> element = fitting(line);
      if (element.isPresent()) {
        waiting.add(element.get());
      } else {
        hopeless.add(
            "%s is not sent: a call has at most %,d bytes (server.max_payload_bytes)"
                .formatted(line.name(), largestCall));
      }
    }
    Totals totals = Totals.allFailed(hopeless.size());
    List<String> reasons = List.of();
    try (Progress progress = new Progress(console, "events", lines.size())) {
      progress.add(hopeless.size());
      for (int round = 0; !waiting.isEmpty(); round++) {
        Round ended = sendOnce(waiting, progress);
        totals = totals.plus(ended.totals());
        hopeless.addAll(ended.hopeless());
        waiting = ended.failed();
        reasons = ended.reasons();
        if (waiting.isEmpty() || round == PAUSES.size()) {
          break;
        }
        Thread.sleep(PAUSES.get(round));
      }
    }
    return new Sent(
        totals.plus(Totals.allFailed(waiting.size())),
        Stream.concat(shortened(hopeless).stream(), reasons.stream()).toList());
  }

  /** The line as it travels, unless no call can carry it. One that is too long is not even read. */
  private Optional<EventLine> fitting(EventLine line) {
    if (line.size() > largestCall) {
      return Optional.empty();
    }
    EventLine element = EventBatches.element(line);
    return EventBatches.sizeAlone(element) > largestCall ? Optional.empty() : Optional.of(element);
  }

  private static List<String> shortened(List<String> hopeless) {
    List<String> named = new ArrayList<>(hopeless.stream().limit(LINES_NAMED).toList());
    if (hopeless.size() > LINES_NAMED) {
      named.add("... and %,d lines more".formatted(hopeless.size() - LINES_NAMED));
    }
    return named;
  }

  /**
   * One pass.
   *
   * @param totals without the failures that may pass
   * @param failed elements that may succeed later
   * @param hopeless names elements that can't, and says why
   */
  private record Round(
      Totals totals, List<EventLine> failed, List<String> reasons, List<String> hopeless) {

    static Round failed(EventBatches.Batch batch, String reason) {
      return new Round(Totals.NONE, batch.elements(), List.of(reason), List.of());
    }

    Round plus(Round other) {
      return new Round(
          totals.plus(other.totals),
          joined(failed, other.failed),
          joined(reasons, other.reasons).stream().distinct().toList(),
          joined(hopeless, other.hopeless));
    }

    private static <T> List<T> joined(List<T> some, List<T> more) {
      return Stream.concat(some.stream(), more.stream()).toList();
    }
  }

  private Round sendOnce(List<EventLine> elements, Progress progress) throws InterruptedException {
    List<Future<Round>> answers = new ArrayList<>();
    Semaphore places = new Semaphore(IN_FLIGHT);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (EventBatches.Batch batch :
          EventBatches.pack(elements, MAX_EVENTS, Math.min(MAX_BYTES, largestCall / 2))) {
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
    List<EventLine> failed = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    List<String> hopeless = new ArrayList<>();
    for (Future<Round> answer : answers) {
      try {
        Round round = answer.get();
        totals = totals.plus(round.totals());
        failed.addAll(round.failed());
        reasons.addAll(round.reasons());
        hopeless.addAll(round.hopeless());
      } catch (ExecutionException e) {
        throw new IllegalStateException("sending a batch broke", e.getCause());
      }
    }
    return new Round(totals, failed, reasons.stream().distinct().toList(), hopeless);
  }

  private Round sendBatch(EventBatches.Batch batch) {
    CallRequest request =
        CallRequest.of(ingester, "ingest_batch", batch.payload(), BATCH_TIMEOUT).asIdempotent();
    return switch (client.call(request)) {
      case CallOutcome.Refused<TaskResult>(var refusal) -> refused(batch, refusal);
      case CallOutcome.Answered<TaskResult>(var result, var completed)
          when result.status() == TaskResult.Status.REJECTED ->
          inHalves(batch, "was rejected: " + VisibleText.of(String.valueOf(result.error())));
      case CallOutcome.Answered<TaskResult>(var result, var completed) -> answered(batch, result);
    };
  }

  private Round refused(EventBatches.Batch batch, Refusal refusal) {
    String reason = String.valueOf(Failure.of(refusal).getMessage());
    return isTooLarge(refusal)
        ? inHalves(batch, "is too large for a call: " + reason)
        : Round.failed(batch, reason);
  }

  /**
   * Sends what was refused as a whole, and would be again, in smaller batches: as many events as
   * the ingester takes, and all but the one element that it does not.
   */
  private Round inHalves(EventBatches.Batch batch, String why) {
    List<EventLine> elements = batch.elements();
    if (elements.size() == 1) {
      return new Round(
          Totals.allFailed(1),
          List.of(),
          List.of(),
          List.of(elements.getFirst().name() + " " + why));
    }
    int half = elements.size() / 2;
    return sendBatch(new EventBatches.Batch(elements.subList(0, half)))
        .plus(sendBatch(new EventBatches.Batch(elements.subList(half, elements.size()))));
  }

  /** Policy says so by a word; agents find no other fault with a batch that is well-formed. */
  private static boolean isTooLarge(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Denied denied -> denied.reason().equals(TOO_LARGE);
      case Refusal.RefusedByPeer peer ->
          peer.remoteKind() == RefusalKind.INVALID || peer.reason().equals(TOO_LARGE);
      default -> false;
    };
  }

  private static Round answered(EventBatches.Batch batch, TaskResult result) {
    JsonNode events = Session.data(result).path("events");
    if (events.size() != batch.elements().size()) {
      String reason = result.error() == null ? "the answer has no events" : result.error();
      return Round.failed(batch, reason);
    }
    Totals totals = Totals.NONE;
    List<EventLine> failed = new ArrayList<>();
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
    return new Round(totals, failed, reasons, List.of());
  }
}
