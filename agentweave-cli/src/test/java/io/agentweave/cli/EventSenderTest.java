package io.agentweave.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A line that no call can carry costs the others nothing, and is named. */
final class EventSenderTest {
  private static final int LARGEST = 1_000;

  /** Stores every event of a call up to a size, refuses larger calls and rejects more events. */
  private static final class SizedIngester extends CalledOnly {
    private final int largest;
    private final Refusal refusal;
    private final int mostEvents;
    private final AtomicInteger calls = new AtomicInteger();

    SizedIngester(int largest, Refusal refusal) {
      this(largest, refusal, Integer.MAX_VALUE);
    }

    SizedIngester(int largest, Refusal refusal, int mostEvents) {
      this.largest = largest;
      this.refusal = refusal;
      this.mostEvents = mostEvents;
    }

    @Override
    public CallOutcome<TaskResult> call(CallRequest request) {
      calls.incrementAndGet();
      if (request.payload().size() > largest) {
        return new CallOutcome.Refused<>(refusal);
      }
      if (events(request).size() > mostEvents) {
        return new CallOutcome.Answered<>(
            TaskResult.rejected("events: must hold at most " + mostEvents), false);
      }
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      ArrayNode events = answer.putArray("events");
      for (JsonNode ignored : events(request)) {
        events.addObject().put("status", "ingested");
      }
      return new CallOutcome.Answered<>(
          TaskResult.completed(new Part.DataPart(Payload.ofJson(answer.toString()))), true);
    }

    private static JsonNode events(CallRequest request) {
      try {
        return new ObjectMapper().readTree(request.payload().bytes()).path("events");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final Refusal INVALID =
      new Refusal.RefusedByPeer(
          RefusalKind.INVALID, "INVALID", null, null, "a request has at most 400 bytes");
  private static final Refusal DENIED = new Refusal.Denied("d-1", "payload_too_large", "");

  private static List<EventLine> lines(int... sizes) {
    List<EventLine> lines = new ArrayList<>();
    for (int size : sizes) {
      byte[] json = ("\"" + "x".repeat(size - 2) + "\"").getBytes(UTF_8);
      lines.add(new EventLine(lines.size() + 1L, size, json));
    }
    return lines;
  }

  private static EventSender.Sent send(AgentClient client, List<EventLine> lines)
      throws InterruptedException {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
    Console console = new Console(nowhere, nowhere, false, false, false);
    return new EventSender(client, CallOptions.target("ingester"), LARGEST, console).send(lines);
  }

  @Test
  void lineOverTheLimit_isNamedAndNotSent_andTheOthersGoOn() throws InterruptedException {
    SizedIngester ingester = new SizedIngester(LARGEST, INVALID);

    EventSender.Sent sent = send(ingester, lines(10, 5_000, 20));

    assertThat(sent.totals()).isEqualTo(new Totals(2, 0, 0, 0, 1));
    assertThat(sent.reasons())
        .containsExactly(
            "line 2 (5,000 bytes) is not sent: a call has at most 1,000 bytes"
                + " (server.max_payload_bytes)");
    assertThat(ingester.calls).hasValue(1);
  }

  @Test
  void lineOverTheLimit_isNotTakenApart() throws InterruptedException {
    byte[] deep = "[".repeat(8 << 20).getBytes(UTF_8);

    EventSender.Sent sent =
        send(new SizedIngester(LARGEST, INVALID), List.of(new EventLine(1, deep.length, deep)));

    assertThat(sent.totals()).isEqualTo(new Totals(0, 0, 0, 0, 1));
    assertThat(sent.reasons())
        .singleElement()
        .asString()
        .startsWith("line 1 (8,388,608 bytes) is not sent");
  }

  @Test
  void lineThatTheAgentOrPolicyFindsTooLarge_isFoundAmongTheOthers() throws InterruptedException {
    for (Refusal refusal : List.of(INVALID, DENIED)) {
      SizedIngester ingester = new SizedIngester(400, refusal);

      EventSender.Sent sent = send(ingester, lines(10, 20, 450, 30, 40));

      assertThat(sent.totals()).isEqualTo(new Totals(4, 0, 0, 0, 1));
      assertThat(sent.reasons())
          .singleElement()
          .asString()
          .startsWith("line 3 (450 bytes) is too large for a call: refused ");
    }
  }

  @Test
  void batchOfMoreEventsThanTheAgentTakes_goesInSmallerOnes() throws InterruptedException {
    SizedIngester ingester = new SizedIngester(LARGEST, INVALID, 2);

    EventSender.Sent sent = send(ingester, lines(10, 10, 10, 10, 10, 10, 10));

    assertThat(sent.totals()).isEqualTo(new Totals(7, 0, 0, 0, 0));
    assertThat(sent.reasons()).isEmpty();
    assertThat(ingester.calls).hasValue(7);
  }

  @Test
  void lineThatTheAgentRejectsAlone_isNamedAndNotSentAgain() throws InterruptedException {
    SizedIngester ingester = new SizedIngester(LARGEST, INVALID, 0);

    EventSender.Sent sent = send(ingester, lines(10, 20));

    assertThat(sent.totals()).isEqualTo(new Totals(0, 0, 0, 0, 2));
    assertThat(sent.reasons())
        .containsExactly(
            "line 1 (10 bytes) was rejected: events: must hold at most 0",
            "line 2 (20 bytes) was rejected: events: must hold at most 0");
    assertThat(ingester.calls).hasValue(3);
  }

  @Test
  void manyLinesOverTheLimit_areCounted() throws InterruptedException {
    List<EventLine> lines = Stream.generate(() -> lines(5_000).getFirst()).limit(25).toList();

    EventSender.Sent sent = send(new SizedIngester(LARGEST, INVALID), lines);

    assertThat(sent.totals().failed()).isEqualTo(25);
    assertThat(sent.reasons()).hasSize(21).endsWith("... and 5 lines more");
  }
}
