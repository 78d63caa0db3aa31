package io.agentweave.agent;

import io.agentweave.deadletter.DeadLetter;
import io.agentweave.deadletter.DeadLetterException;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.deadletter.ListedLetter;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.AgentSpan;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.telemetry.Telemetry;
import java.util.List;
import java.util.Optional;

/**
 * The queue as handlers see it: what they add is traced and counted, and within a {@link Replay} it
 * is a failure of the replayed letter.
 */
record HandlerDeadLetters(DeadLetterQueue queue, Telemetry telemetry) implements DeadLetterQueue {

  @Override
  public void addAll(List<DeadLetter> letters) {
    if (letters.isEmpty()) {
      return;
    }
    try (ActiveSpan span = telemetry.span(AgentSpan.DEAD_LETTER_WRITE)) {
      span.note(SpanKey.EVENTS, letters.size());
      try {
        Optional<Replay> replay = Replay.underWay();
        if (replay.isPresent()) {
          replay.get().failed(letters.getFirst().reason(), letters.getFirst().detail());
        } else {
          queue.addAll(letters);
        }
      } catch (DeadLetterException e) {
        span.fail("dead_letter_queue");
        throw e;
      }
    }
    letters.forEach(letter -> telemetry.count(AgentMeter.DEAD_LETTERS_ADDED, 1, letter.reason()));
  }

  @Override
  public List<DeadLetter> list(Optional<DeadLetter.Status> status, int limit) {
    return queue.list(status, limit);
  }

  @Override
  public List<ListedLetter> page(
      Optional<DeadLetter.Status> status, Optional<String> before, int limit) {
    return queue.page(status, before, limit);
  }

  @Override
  public Optional<DeadLetter> find(String id) {
    return queue.find(id);
  }

  @Override
  public boolean settle(String id, DeadLetter.Status status) {
    return queue.settle(id, status);
  }

  @Override
  public void failedAgain(String id, String reason, String detail) {
    queue.failedAgain(id, reason, detail);
  }

  @Override
  public long open() {
    return queue.open();
  }

  @Override
  public void close() {
    queue.close();
  }
}
