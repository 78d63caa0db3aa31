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
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Which letters the journal has and where in it they are. Holds a bounded number: as the journal
 * grows on, the oldest settled ones are forgotten. For one thread at a time.
 */
final class LetterIndex {
  private static final int LONGEST_LINE = 256 << 20;

  private final PackedLetters letters = new PackedLetters();
  private final int most;
  private long changes;
  private long open;
  private long end;

  /**
   * An index of nothing.
   *
   * @param most letters that it holds, unless more than that are open
   */
  LetterIndex(int most) {
    this.most = most;
  }

  /**
   * Reads a journal. What comes after {@link #end} is an unfinished change, that nobody was told
   * was kept.
   *
   * @throws IOException also when a change is damaged that others follow: no crash does that
   */
  static LetterIndex read(Path journal, int most) throws IOException {
    LetterIndex index = new LetterIndex(most);
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
      case FailedAgain(var id, var reason, var detail, var at, var line) ->
          find(id).ifPresent(letter -> put(letter.failedAgain(line)));
    }
  }

  void put(IndexedLetter letter) {
    Optional<IndexedLetter> before = letters.find(letter.id());
    if (before.isEmpty() && letters.size() >= most && letters.size() > open) {
      letters.forgetSettled(Math.max(1, most / 16));
    }
    letters.put(letter);
    open += (letter.isOpen() ? 1 : 0) - (before.isPresent() && before.get().isOpen() ? 1 : 0);
  }

  Optional<IndexedLetter> find(String id) {
    return IndexedLetter.id(id).flatMap(letters::find);
  }

  boolean holds(String id) {
    return find(id).isPresent();
  }

  /** Whether so many more may come in and all of them be open. */
  boolean hasRoomFor(long more) {
    return open + more <= most;
  }

  /** How many letters it holds while not more than that are open. */
  int most() {
    return most;
  }

  /** By id, oldest first; to be gone through before the next change. */
  Iterable<IndexedLetter> all() {
    return letters.oldestFirst();
  }

  /**
   * By id, newest first, those with ids below {@code before} when there is one; to be gone through
   * before the next change.
   */
  Stream<IndexedLetter> newest(
      Optional<DeadLetter.Status> status, Optional<String> before, int limit) {
    return StreamSupport.stream(letters.newestFirst(before).spliterator(), false)
        .filter(letter -> status.isEmpty() || status.get() == letter.status())
        .limit(limit);
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
}
