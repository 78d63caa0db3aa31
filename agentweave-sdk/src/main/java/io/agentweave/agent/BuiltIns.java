package io.agentweave.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.Payload;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.deadletter.ListedLetter;
import io.agentweave.identity.SpiffeId;
import io.agentweave.server.TaskUpdates;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The capabilities that every agent has. Policy decides who may use them, as with any other. */
final class BuiltIns {
  /** Their names, which no agent's own capability may have. */
  static final Set<String> NAMES =
      Set.of("ping", "dlq_list", "dlq_show", "dlq_replay", "dlq_discard");

  private static final int USUAL_LIMIT = 100;

  private final SpiffeId self;
  private final DeadLetterQueue queue;
  private final Replays replays;

  BuiltIns(SpiffeId self, DeadLetterQueue queue, Replays replays) {
    this.self = self;
    this.queue = queue;
    this.replays = replays;
  }

  /** Says that it is there. */
  @Capability("ping")
  public Map<String, Object> ping() {
    return Map.of("agent", self.toString(), "status", "ok", "time", Instant.now());
  }

  /**
   * Dead letters, newest first, without their contents; fewer than {@code limit} where so many
   * would be more than 1 MiB. The next page holds those {@code before} the last one's id; {@code
   * more} says whether there are any.
   */
  @Capability("dlq_list")
  public Map<String, Object> list(
      Optional<DeadLetter.Status> status,
      Optional<@Min(1) @Max(1000) Integer> limit,
      Optional<@Size(max = 256) String> before) {
    List<ListedLetter> page = queue.page(status, before, limit.orElse(USUAL_LIMIT));
    List<Summary> letters = page.stream().map(Summary::of).toList();
    boolean more = !page.isEmpty() && anyAfter(page.getLast(), status);
    return Map.of("open", queue.open(), "dead_letters", letters, "more", more);
  }

  private boolean anyAfter(ListedLetter last, Optional<DeadLetter.Status> status) {
    return !queue.page(status, Optional.of(last.letter().id()), 1).isEmpty();
  }

  /** One dead letter, with its content. */
  @Capability("dlq_show")
  public TaskResult show(String id) {
    return queue
        .find(id)
        .map(letter -> HandlerEnd.data(Shown.of(letter)))
        .orElseGet(() -> TaskResult.failed("there is no dead letter " + id));
  }

  /** Processes a dead letter again, in the name of its original caller. */
  @Capability("dlq_replay")
  public TaskResult replay(
      String id, Optional<Payload> data, RequestContext operator, TaskUpdates updates) {
    return replays.replay(id, data, operator, updates);
  }

  /** Gives a dead letter up. */
  @Capability("dlq_discard")
  public TaskResult discard(String id) {
    return queue.settle(id, DeadLetter.Status.DISCARDED)
        ? HandlerEnd.data(Map.of("status", "discarded", "dead_letter_id", id))
        : TaskResult.failed("there is no open dead letter " + id);
  }

  /** A dead letter on a list. */
  record Summary(
      String id,
      DeadLetter.Status status,
      String stage,
      String reason,
      String detail,
      int attempts,
      Instant firstFailedAt,
      Instant lastFailedAt,
      int contentSize,
      String contentSha256,
      DeadLetter.Origin origin) {

    static Summary of(ListedLetter listed) {
      return of(listed.letter(), listed.contentSize());
    }

    static Summary of(DeadLetter letter, int contentSize) {
      return new Summary(
          letter.id(),
          letter.status(),
          letter.stage(),
          letter.reason(),
          letter.detail(),
          letter.attempts(),
          letter.firstFailedAt(),
          letter.lastFailedAt(),
          contentSize,
          letter.contentSha256(),
          letter.origin());
    }
  }

  /** A dead letter by itself; its content in the first of the three forms that can say it. */
  record Shown(
      Summary letter,
      Optional<JsonNode> content,
      Optional<String> contentText,
      Optional<String> contentBase64) {

    static Shown of(DeadLetter letter) {
      byte[] bytes = letter.content().bytes();
      Summary summary = Summary.of(letter, bytes.length);
      if (Json.read(bytes) instanceof JsonReading.Parsed(JsonNode tree)) {
        return new Shown(summary, Optional.of(tree), Optional.empty(), Optional.empty());
      }
      try {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return new Shown(summary, Optional.empty(), Optional.of(text), Optional.empty());
      } catch (CharacterCodingException e) {
        String base64 = Base64.getEncoder().encodeToString(bytes);
        return new Shown(summary, Optional.empty(), Optional.empty(), Optional.of(base64));
      }
    }
  }
}
