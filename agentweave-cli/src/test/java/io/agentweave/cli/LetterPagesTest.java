package io.agentweave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** However many letters there are, all can be reached, and a list that ends early says so. */
final class LetterPagesTest {
  private static final int LETTERS = 2_500;

  private final List<String> given = new ArrayList<>();
  private int pages;
  private int mostOfOnePage = Integer.MAX_VALUE;

  /** Answers like an agent with letters 2500 down to 1. */
  private JsonNode answer(ObjectNode parameters) {
    pages++;
    assertThat(parameters.path("status").textValue()).isEqualTo("open");
    assertThat(parameters.path("limit").intValue()).isBetween(1, 1_000);
    int most = Math.min(mostOfOnePage, parameters.path("limit").intValue());
    int newest = parameters.has("before") ? parameters.path("before").asInt() - 1 : LETTERS;
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode letters = answer.putArray("dead_letters");
    for (int id = newest; id > Math.max(0, newest - most); id--) {
      letters.addObject().put("id", "" + id);
    }
    return answer.put("more", newest > most);
  }

  private Optional<String> read(Optional<String> before, long most) {
    return new LetterPages(
            this::answer, JsonNodeFactory.instance.objectNode().put("status", "open"))
        .read(before, most, letter -> given.add(letter.path("id").textValue()));
  }

  @Test
  void allLetters_areReachedOnce() {
    assertThat(read(Optional.empty(), Long.MAX_VALUE)).isEmpty();
    assertThat(given).hasSize(LETTERS).doesNotHaveDuplicates().endsWith("1");
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void pagesThatEndBeforeTheirLimit_areGoneOnFrom() {
    mostOfOnePage = 7;
    assertThat(read(Optional.empty(), Long.MAX_VALUE)).isEmpty();
    assertThat(given).hasSize(LETTERS).doesNotHaveDuplicates().endsWith("1");

    given.clear();
    assertThat(read(Optional.empty(), 10)).contains("2491");
    assertThat(given).hasSize(10);
  }

  @Test
  void listThatEndsEarly_saysWhereToGoOn() {
    Optional<String> last = read(Optional.empty(), 1_200);
    assertThat(given).hasSize(1_200);
    assertThat(last).contains("1301");

    assertThat(read(last, 1_300)).isEmpty();
    assertThat(given).hasSize(LETTERS).doesNotHaveDuplicates();
  }

  @Test
  void agentWithNoMoreLetters_endsTheList() {
    assertThat(read(Optional.of("1"), 10)).isEmpty();
    assertThat(given).isEmpty();
  }
}
