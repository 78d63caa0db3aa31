package io.agentweave.deadletter;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** A page of letters as it fills: bounded in number and in bytes. For one thread. */
final class FillingPage {
  private static final int MOST_BYTES = 1 << 20;

  /** More than the names, times, hash and numbers of a letter take. */
  private static final int USUAL_BYTES = 768;

  private final List<ListedLetter> letters = new ArrayList<>();
  private final int limit;
  private int bytes;

  FillingPage(int limit) {
    this.limit = limit;
  }

  /** As many of the letters as one page takes. */
  static List<ListedLetter> of(Stream<ListedLetter> letters, int limit) {
    FillingPage page = new FillingPage(limit);
    boolean room = true;
    for (Iterator<ListedLetter> next = letters.iterator(); room && next.hasNext(); ) {
      room = page.add(next.next());
    }
    return page.letters();
  }

  private boolean isFull() {
    return letters.size() >= limit;
  }

  /**
   * Takes the letter in where it has room; the first always has.
   *
   * @return whether there may be room for another
   */
  boolean add(ListedLetter letter) {
    int size = size(letter.letter());
    if (isFull() || (!letters.isEmpty() && bytes + size > MOST_BYTES)) {
      return false;
    }
    letters.add(letter);
    bytes += size;
    return !isFull();
  }

  List<ListedLetter> letters() {
    return List.copyOf(letters);
  }

  private static int size(DeadLetter letter) {
    DeadLetter.Origin origin = letter.origin();
    String traceId = origin.traceId();
    return USUAL_BYTES
        + size(letter.stage())
        + size(letter.reason())
        + size(letter.detail())
        + size(origin.agent())
        + size(origin.capability())
        + size(origin.callerSpiffeId())
        + size(origin.callerSvidSerial())
        + size(origin.requestId())
        + size(origin.decisionId())
        + size(origin.policyRevision())
        + (traceId == null ? 0 : size(traceId));
  }

  /** At most so many bytes of JSON. */
  private static int size(String text) {
    int size = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        size += 6;
      } else if (c < 0x80) {
        size += c == '"' || c == '\\' ? 2 : 1;
      } else {
        size += 3;
      }
    }
    return size;
  }
}
