package io.agentweave.pipeline.storage;

import static io.agentweave.pipeline.storage.StorageBench.count;
import static io.agentweave.pipeline.storage.StorageBench.event;
import static io.agentweave.pipeline.storage.StorageBench.noneUnfit;
import static io.agentweave.pipeline.storage.StorageBench.provenance;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.pipeline.contract.StorableEvent;
import io.agentweave.pipeline.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SearchIndexTest {
  private final Database database = StorageBench.empty();
  private final EventStore store = new EventStore(database);

  private void index(StorableEvent... events) {
    index(List.of(events));
  }

  private void index(List<StorableEvent> events) {
    store.store(events, provenance(), noneUnfit());
    deliver();
  }

  private void deliver() {
    Delivery delivery =
        new Delivery(
            database,
            new SearchIndex(),
            StorageBench.OUTBOX,
            StorageBench.TELEMETRY,
            (id, to, attempts, from) -> {
              throw new AssertionError(id + " was refused");
            });
    while (delivery.deliverOne()) {
      // until nothing is left
    }
  }

  private List<String> found(String text) {
    return strings("select search_events(?)", text);
  }

  private List<String> strings(String sql, String parameter) {
    return database.transaction(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, parameter);
            List<String> found = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
              while (rows.next()) {
                found.add(rows.getString(1));
              }
            }
            found.sort(null);
            return found;
          }
        });
  }

  @Test
  void eventsAreFound_byAllWordsTogether() {
    index(
        event("a", "{\"note\":\"Grüße aus Köln\", \"tags\":[\"red\", \"green\"]}"),
        event("b", "{\"note\":\"grüße\", \"url\":\"http://example.org/red-door?x=1.50\"}"),
        event("c", "{\"note\":\"line\\nbreak \\u0047reen\", \"n\":42}"));
    assertThat(found("grüße")).containsExactly("a", "b");
    assertThat(found("Köln red")).containsExactly("a");
    assertThat(found("green red green")).containsExactly("a");
    assertThat(found("example.org/red-door")).containsExactly("b");
    assertThat(found("break")).containsExactly("c");
    assertThat(found("green")).containsExactly("a", "c");
    assertThat(found("42")).containsExactly("c");
    assertThat(found("page_view web user-001 ada")).containsExactly("a", "b", "c");
    assertThat(found("red 42")).isEmpty();
    assertThat(found("' \\ & | ! :*")).isEmpty();
    assertThat(found("")).isEmpty();
  }

  @Test
  void eventsOfManySegments_areAllFound() {
    index(
        IntStream.range(0, 600)
            .mapToObj(i -> event("e" + i, "{\"word\":\"w" + i + "\", \"kind\":\"k" + i % 2 + "\"}"))
            .toList());
    assertThat(count("select count(*) from search_segments")).isEqualTo(3);
    assertThat(found("w0")).containsExactly("e0");
    assertThat(found("w599 k1")).containsExactly("e599");
    assertThat(found("k1")).hasSize(300);
    assertThat(count("select count(*) from event_search")).isEqualTo(600);
  }

  @Test
  void deletedEvents_leaveNoWordBehind() {
    index(event("a", "{\"x\":\"secret shared\"}"), event("b", "{\"x\":\"shared\"}"));
    StorageBench.run("delete from events where id = 'a'");
    assertThat(found("shared")).containsExactly("b");
    assertThat(count("select count(*) from search_segments where words::text like '%secret%'"))
        .isZero();
    assertThat(count("select count(*) from search_segments where 'a' = any(event_ids)")).isZero();
  }

  @Test
  void wordsBeyondWhatTheIndexHolds_areLeftOutAndTheOthersFound() {
    String endless = "x".repeat(3000);
    StringBuilder many = new StringBuilder();
    IntStream.range(0, 20_000).forEach(i -> many.append(" v").append(i));
    index(event("a", "{\"x\":\"" + endless + " y" + many + "\"}"), event("b", "{\"x\":\"y\"}"));
    assertThat(found("y")).containsExactly("a", "b");
    assertThat(found("v19999")).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ΟΔΟΣ", "οδος", "ΣΑΣ ΣΑΣ", "İSTANBUL", "DİYARBAKIR", "Ⱥ", "𐐀𐐁", "K", "ẞ"})
  void words_areFoundByTheirOwnSpelling(String word) {
    index(event("a", "{\"word\":\"" + word + "\"}"));
    assertThat(found(word)).containsExactly("a");
  }

  @Test
  void wordTooLongForTheIndex_isLeftOutOfASearch() {
    String longest = "x".repeat(2046);
    index(event("a", "{\"x\":\"" + longest + " y\"}"), event("b", "{\"x\":\"y\"}"));
    assertThat(found(longest)).containsExactly("a");
    assertThat(found(longest + "x y")).containsExactly("a", "b");
    assertThat(found(longest + "x")).isEmpty();
    assertThat(found("語".repeat(683))).isEmpty();
  }

  /** Else some event of any language has a word that nobody finds. */
  @Test
  void everyLetter_isFoldedAlikeByStorageAndTheDatabase() {
    StringBuilder letters = new StringBuilder();
    for (int letter = 0x80; letter < 0x2000; letter++) {
      if (Character.isUpperCase(letter)) {
        letters.append('a').appendCodePoint(letter).append(' ');
      }
    }
    TreeSet<String> words = new TreeSet<>();
    SearchWords.ofText(letters.toString(), words::add);
    assertThat(new TreeSet<>(strings("select unnest(search_words(?))", letters.toString())))
        .isEqualTo(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain words",
        "a-b_c.d/e:f@g[h\\i]j^k`l{m|n}o~p q\tr\ns,t;u<v=w>x?y!z\"0'1(2)3*4+5#6$7%8&9",
        "Grüße „Zitat“ naïve… 1×2÷3 \u00a0 ª µ º",
        "日本語。テスト、中文",
        "\u007f\u0080\u00bf\u00c0 \u2000x\u206fy\u3000z\u303fq\u2070 \ud83d\ude00"
      })
  void queries_areTakenApartAsEventsAre(String text) {
    TreeSet<String> words = new TreeSet<>();
    SearchWords.ofText(text, words::add);
    assertThat(new TreeSet<>(strings("select unnest(search_words(?))", text))).isEqualTo(words);
  }
}
