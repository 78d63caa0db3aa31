package io.agentweave.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One agent's dead letters, page by page: an answer has an end, a list of letters may have none.
 *
 * @param ask for the answer of {@code dlq_list} to these parameters
 * @param parameters of every page
 */
record LetterPages(Function<ObjectNode, JsonNode> ask, ObjectNode parameters) {
  /** The most that {@code dlq_list} gives at once. */
  private static final int PAGE = 1_000;

  /**
   * Gives letters out, newest first.
   *
   * @param before only those older than this one
   * @param most so many at most
   * @return the last one given out, when there are more
   */
  Optional<String> read(Optional<String> before, long most, Consumer<JsonNode> letters) {
    Optional<String> last = before;
    long left = most;
    while (true) {
      ObjectNode page = parameters.deepCopy().put("limit", Math.min(left, PAGE));
      last.ifPresent(id -> page.put("before", id));
      JsonNode answer = ask.apply(page);
      JsonNode found = answer.path("dead_letters");
      for (JsonNode letter : found) {
        letters.accept(letter);
        last = Optional.of(letter.path("id").asText());
      }
      left -= found.size();
      if (!answer.path("more").asBoolean() || found.isEmpty()) {
        return Optional.empty();
      } else if (left <= 0) {
        return last;
      }
    }
  }
}
