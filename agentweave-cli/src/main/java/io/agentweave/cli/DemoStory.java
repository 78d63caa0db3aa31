package io.agentweave.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.VisibleText;
import io.agentweave.client.CallRequest;
import io.agentweave.local.trace.Span;
import io.agentweave.local.trace.Trace;
import io.agentweave.local.trace.TraceFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Shows people what a mesh does with an event, a caller without rights, and a bad event. */
final class DemoStory {
  private static final int LETTERS_SHOWN = 8;
  private static final Duration TRACE_PATIENCE = Duration.ofSeconds(8);
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final List<String> LAST_SPANS = List.of("warehouse_write", "search_index");

  private final Console console;
  private final Session session;
  private final TraceFiles traces;

  DemoStory(Console console, Session session, TraceFiles traces) {
    this.console = console;
    this.session = session;
    this.traces = traces;
  }

  void tell() throws InterruptedException {
    oneEvent();
    refusedCall();
    deadLetters();
  }

  private void oneEvent() throws InterruptedException {
    String id = "demo-" + UUID.randomUUID();
    Payload event =
        Payload.ofJson(
            JsonNodeFactory.instance
                .objectNode()
                .set(
                    "event_data",
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("event_id", id)
                        .put("event_type", "user_signup")
                        .put("timestamp", Instant.now().toString())
                        .put("user_id", "user-123")
                        .put("source", "demo")
                        .set(
                            "properties",
                            JsonNodeFactory.instance.objectNode().put("plan", "premium")))
                .toString());
    title("One event on its way");
    CallOutcome<TaskResult> outcome =
        session
            .client()
            .call(
                CallRequest.of(
                    CallOptions.target("ingester"), "ingest_event", event, CALL_TIMEOUT));
    if (outcome instanceof CallOutcome.Refused<TaskResult>(var refusal)) {
      throw Failure.of(refusal);
    }
    Optional<Trace> trace = completeTrace(id);
    if (trace.isPresent()) {
      new TraceTree(console).draw(trace.get());
    } else {
      console.out("  its trace has not arrived within " + TRACE_PATIENCE.toSeconds() + " s");
    }
  }

  /** Waits for the spans that come last, and takes what is there when they don't come. */
  private Optional<Trace> completeTrace(String eventId) throws InterruptedException {
    long end = System.nanoTime() + TRACE_PATIENCE.toNanos();
    while (true) {
      Optional<Trace> trace = traces.search(eventId, 1).stream().findFirst();
      boolean complete =
          trace.isPresent()
              && trace.get().spans().stream().map(Span::name).toList().containsAll(LAST_SPANS);
      if (complete || System.nanoTime() > end) {
        return trace;
      }
      Thread.sleep(100);
    }
  }

  private void refusedCall() {
    title("A call without the right to it");
    console.out(
        "  agentweave call --target spiffe://agentweave.io/agent/processor --capability"
            + " process_event");
    CallOutcome<TaskResult> outcome =
        session
            .client()
            .call(
                CallRequest.of(
                    CallOptions.target("processor"),
                    "process_event",
                    Payload.empty(),
                    CALL_TIMEOUT));
    switch (outcome) {
      case CallOutcome.Answered<TaskResult> answered ->
          throw new Failure(ExitCode.FAILED, "the processor answered a call that policy forbids");
      case CallOutcome.Refused<TaskResult>(Refusal refusal) ->
          console.out(
              "  "
                  + console.paintOut(
                      Console.Colour.RED, String.valueOf(Failure.of(refusal).getMessage())));
    }
  }

  private void deadLetters() {
    title("Dead letters");
    JsonNode answer =
        session.ask(
            "ingester",
            "dlq_list",
            JsonNodeFactory.instance.objectNode().put("limit", LETTERS_SHOWN),
            CALL_TIMEOUT);
    for (JsonNode letter : answer.path("dead_letters")) {
      console.out(
          "  "
              + console.paintOut(Console.Colour.GREY, VisibleText.of(letter.path("id").asText()))
              + VisibleText.of(
                  " " + letter.path("reason").asText() + ": " + letter.path("detail").asText()));
    }
    long open = answer.path("open").asLong();
    if (open > LETTERS_SHOWN) {
      console.out("  ... and " + (open - LETTERS_SHOWN) + " more");
    }
  }

  private void title(String text) {
    console.out("");
    console.out(console.paintOut(Console.Colour.BOLD, text));
  }
}
