package io.agentweave.pipeline.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Some events that the search index holds as one row: their ids, and each word once, with the
 * places of the events that have it.
 */
final class SearchSegment {
  /** A {@code tsvector} keeps no more than 255 places of a word. */
  private static final int MOST_EVENTS = 250;

  /** Half of what a {@code tsvector} may hold. */
  private static final int MOST_BYTES = 512 << 10;

  private final List<String> eventIds = new ArrayList<>(MOST_EVENTS);
  private final Map<String, Places> words = new HashMap<>();
  private int bytes;

  /** The events that have a word, in the order they came. */
  private static final class Places {
    private final StringBuilder list = new StringBuilder();
    private int last;

    /** Whether it wasn't there yet. */
    boolean add(int place) {
      if (place == last) {
        return false;
      }
      if (last > 0) {
        list.append(',');
      }
      list.append(place);
      last = place;
      return true;
    }
  }

  boolean isEmpty() {
    return eventIds.isEmpty();
  }

  boolean isFull() {
    return eventIds.size() == MOST_EVENTS || bytes >= MOST_BYTES;
  }

  /** Takes an event in, by its type, source, user, and everything in its properties. */
  void add(StoredRow event) {
    eventIds.add(event.id());
    SearchWords.ofText(event.type(), this::word);
    SearchWords.ofText(event.source(), this::word);
    SearchWords.ofText(event.userId(), this::word);
    if (event.userName() != null) {
      SearchWords.ofText(event.userName(), this::word);
    }
    SearchWords.ofJson(event.properties(), this::word);
  }

  private void word(String word) {
    Places places = words.get(word);
    if (places == null) {
      places = new Places();
      words.put(word, places);
      bytes += 3 * word.length() + 4;
    }
    if (places.add(eventIds.size())) {
      bytes += 2;
    }
  }

  List<String> eventIds() {
    return eventIds;
  }

  /** As PostgreSQL reads a {@code tsvector}. No word holds a quote or a backslash. */
  String literal() {
    StringBuilder literal = new StringBuilder(bytes);
    words.forEach(
        (word, places) ->
            literal.append('\'').append(word).append("':").append(places.list).append(' '));
    return literal.toString();
  }
}
