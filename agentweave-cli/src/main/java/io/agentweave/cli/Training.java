package io.agentweave.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.identity.SpiffeId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What agents do all day, for half a minute: events one by one from many callers, then in batches.
 * Runs where JVMs write down what later starts need not find out again. Agents that were started
 * with what a demo alone has taught compile for a minute under load before they know what is worth
 * it.
 */
final class Training {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final String ID = "event_id";

  /** Where an event's id goes. */
  private static final String PLACE = "[id]";

  private static final List<Load> USUAL =
      List.of(
          new Load(1, 64, 20_000, Duration.ofSeconds(25)),
          new Load(1_000, 8, Long.MAX_VALUE, Duration.ofSeconds(5)));

  private final AgentClient client;
  private final SpiffeId ingester;
  private final List<String> events;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();

  /**
   * @param lines the events to send, over and over under new ids; those that are no object with an
   *     id are left out
   */
  Training(AgentClient client, SpiffeId ingester, List<EventLine> lines) {
    this.client = client;
    this.ingester = ingester;
    this.events = templates(lines);
  }

  /**
   * One way of sending.
   *
   * @param size events in a call; one goes as a single event
   * @param callers who send at the same time
   * @param most events, after which no call begins
   * @param time after which no call begins
   */
  record Load(int size, int callers, long most, Duration time) {}

  /**
   * What came of it.
   *
   * @param sent events
   * @param answered those of them in calls that an agent answered, whatever it said
   */
  record Trained(long sent, long answered) {}

  Trained run() throws InterruptedException {
    return run(USUAL);
  }

  Trained run(List<Load> loads) throws InterruptedException {
    if (!events.isEmpty()) {
      for (Load load : loads) {
        send(load);
      }
    }
    return new Trained(sent.get(), answered.get());
  }

  private static List<String> templates(List<EventLine> lines) {
    List<String> templates = new ArrayList<>();
    for (EventLine line : lines) {
      try {
        JsonNode event = Session.tree(Payload.ofJson(line.bytes()));
        if (event instanceof ObjectNode object && object.path(ID).isTextual()) {
          templates.add(object.put(ID, PLACE).toString());
        }
      } catch (IOException notJson) {
        // A demo has such lines on purpose.
      }
    }
    return templates;
  }

  private void send(Load load) throws InterruptedException {
    AtomicLong left = new AtomicLong(load.most());
    long begin = System.nanoTime();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < load.callers(); i++) {
      callers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (System.nanoTime() - begin < load.time().toNanos()
                        && left.getAndAdd(-load.size()) > 0) {
                      call(load.size());
                    }
                  }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
  }

  private void call(int size) {
    long first = sent.getAndAdd(size);
    Payload payload =
        Payload.ofJson(
            size == 1
                ? "{\"event_data\":" + event(first) + "}"
                : LongStream.range(first, first + size)
                    .mapToObj(this::event)
                    .collect(Collectors.joining(",", "{\"events\":[", "]}")));
    CallRequest request =
        CallRequest.of(
            ingester, size == 1 ? "ingest_event" : "ingest_batch", payload, CALL_TIMEOUT);
    if (client.call(request) instanceof CallOutcome.Answered<TaskResult>) {
      answered.addAndGet(size);
    } else {
      pause();
    }
  }

  private String event(long number) {
    return events.get((int) (number % events.size())).replace(PLACE, "training-" + number);
  }

  /** Who was refused leaves others time to get through. */
  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
