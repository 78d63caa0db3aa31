package io.agentweave.pipeline.ingester;

import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.AgentCallException;
import io.agentweave.call.CurrentCall;
import io.agentweave.call.Deadline;
import io.agentweave.call.Payload;
import io.agentweave.call.TraceContext;
import io.agentweave.identity.SpiffeId;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.Replies;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Step 5: has events processed and stored by the next agents. Storing is idempotent, so a call that
 * may have run is tried again. Safe for use by many threads.
 */
final class Forwarding {
  private final Calls calls;
  private final SpiffeId self;
  private final SpiffeId processor;
  private final IngesterConfig.Ingester settings;
  private final Telemetry telemetry;
  private final Semaphore concurrent;

  Forwarding(
      Calls calls,
      SpiffeId self,
      SpiffeId processor,
      IngesterConfig.Ingester settings,
      Telemetry telemetry) {
    this.calls = calls;
    this.self = self;
    this.processor = processor;
    this.settings = settings;
    this.telemetry = telemetry;
    this.concurrent = new Semaphore(settings.concurrentCalls(), true);
  }

  /** How another agent is called. */
  interface Calls {
    TaskResult call(SpiffeId target, String capability, Payload payload, Duration timeout);
  }

  /**
   * Has the one event processed.
   *
   * @throws AgentCallException when the processor gives no answer; this caller has to try again
   */
  List<EventAnswer> one(List<Ingestion.Outgoing> events) {
    Ingestion.Outgoing event = events.getFirst();
    TaskResult reply =
        calls.call(processor, "process_event", ProcessRequest.one(event, self), settings.call());
    return List.of(Replies.one(reply, event.eventId()));
  }

  /** Has many processed. Where the processor gives no answer, these have failed. */
  List<EventAnswer> many(List<Ingestion.Outgoing> events, Deadline deadline) {
    Optional<CurrentCall> call = CurrentCall.get();
    @Nullable TraceContext trace = telemetry.currentTrace();
    return Chunks.sendAll(
        Chunks.of(events, settings.chunkEvents()),
        chunk -> {
          Supplier<List<EventAnswer>> sending = () -> chunk(chunk, deadline, trace);
          return call.map(served -> served.during(sending)).orElseGet(sending);
        });
  }

  private List<EventAnswer> chunk(
      List<Ingestion.Outgoing> chunk, Deadline deadline, @Nullable TraceContext trace) {
    boolean admitted = false;
    try (ActiveSpan span = telemetry.span(IngesterSpan.FORWARD_EVENTS, trace)) {
      span.note(SpanKey.EVENTS, chunk.size());
      admitted = concurrent.tryAcquire(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
      if (!admitted) {
        span.fail("overloaded");
        return failed(chunk, "overloaded", "too many batches at once, try again");
      }
      try {
        return send(chunk);
      } catch (AgentCallException e) {
        String kind = e.refusal().kind().word();
        span.fail(kind);
        return failed(
            chunk,
            kind,
            "the processor did not answer (%s)%s"
                .formatted(kind, e.retryable() ? ", try again" : ""));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(chunk, "cancelled", "the call was given up");
    } finally {
      if (admitted) {
        concurrent.release();
      }
    }
  }

  private List<EventAnswer> send(List<Ingestion.Outgoing> chunk) {
    TaskResult reply =
        calls.call(processor, "process_batch", ProcessRequest.many(chunk, self), settings.call());
    return Replies.many(reply, chunk.stream().map(Ingestion.Outgoing::eventId).toList());
  }

  private static List<EventAnswer> failed(
      List<Ingestion.Outgoing> chunk, String reason, String error) {
    return chunk.stream().map(out -> EventAnswer.failed(out.eventId(), reason, error)).toList();
  }
}
