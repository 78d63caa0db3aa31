package io.agentweave.deadletter;

import io.agentweave.deadletter.LetterLine.Added;
import io.agentweave.deadletter.LetterLine.Change;
import io.agentweave.deadletter.LetterLine.FailedAgain;
import io.agentweave.deadletter.LetterLine.Settled;
import io.agentweave.journal.LineScanner;
import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What the journal says, letter by letter, contents left in the file. For one thread at a time. */
final class LetterIndex {
  private static final int LONGEST_LINE = 256 << 20;

  private final TreeMap<String, IndexedLetter> letters = new TreeMap<>();
  private long changes;
  private long open;
  private long end;

  /**
   * Reads a journal. What comes after {@link #end} is an unfinished change, that nobody was told
   * was kept.
   *
   * @throws IOException also when a change is damaged that others follow: no crash does that
   */
  static LetterIndex read(Path journal) throws IOException {
    LetterIndex index = new LetterIndex();
    try (LineScanner lines = new LineScanner(PlainFile.open(journal), 0, LONGEST_LINE)) {
      index.read(lines, journal);
    }
    return index;
  }

  private void read(LineScanner lines, Path journal) throws IOException {
    List<Added> group = new ArrayList<>();
    boolean torn = false;
    long number = 0;
    while (lines.next()) {
      number++;
      Optional<LetterLine> read = LetterLine.read(lines);
      long change = read.map(LetterLine::number).orElse(changes + 1);
      changes = end == 0 && group.isEmpty() && !torn ? change - 1 : changes;
      if (change != changes + 1) {
        throw new IOException(
            "%s is damaged before line %d: restore it, or move it aside to begin a new one"
                .formatted(journal, number));
      }
      torn |= read.isEmpty();
      if (!torn && take(read.get().change(), group)) {
        changes = change;
        end = lines.offset() + lines.length() + 1;
      }
    }
  }

  /** Whether the change is complete. */
  private boolean take(Change change, List<Added> group) {
    if (change instanceof Added added) {
      group.add(added);
      if (added.left() > 0) {
        return false;
      }
    }
    if (group.isEmpty()) {
      apply(change);
    }
    group.forEach(this::apply);
    group.clear();
    return true;
  }

  void apply(Change change) {
    switch (change) {
      case Added(var letter, var left) -> put(letter);
      case Settled(var id, var status, var at) ->
          find(id).ifPresent(letter -> put(letter.settled(status, at)));
      case FailedAgain(var id, var reason, var detail, var at) ->
          find(id).ifPresent(letter -> put(letter.failedAgain(reason, detail, at)));
    }
  }

  void put(IndexedLetter letter) {
    IndexedLetter before = letters.put(letter.letter().id(), letter);
    open += (letter.isOpen() ? 1 : 0) - (before != null && before.isOpen() ? 1 : 0);
  }

  Optional<IndexedLetter> find(String id) {
    return Optional.ofNullable(letters.get(id));
  }

  boolean holds(String id) {
    return letters.containsKey(id);
  }

  /** By id, oldest first. */
  List<IndexedLetter> all() {
    return List.copyOf(letters.values());
  }

  /** Those with ids below {@code before} when there is one. */
  List<IndexedLetter> newest(
      Optional<DeadLetter.Status> status, Optional<String> before, int limit) {
    NavigableMap<String, IndexedLetter> older =
        before.map(id -> letters.headMap(id, false)).orElse(letters);
    return older.descendingMap().values().stream()
        .filter(letter -> status.isEmpty() || status.get() == letter.letter().status())
        .limit(limit)
        .toList();
  }

  long open() {
    return open;
  }

  /** Where the last complete change ends. */
  long end() {
    return end;
  }

  /** The number of the last change. */
  long changes() {
    return changes;
  }

  void reached(long number) {
    changes = number;
  }

  /** After the journal was written anew with one change for each of these. */
  void replaceBy(List<IndexedLetter> kept) {
    letters.clear();
    open = 0;
    kept.forEach(this::put);
    changes += kept.size();
  }
}
