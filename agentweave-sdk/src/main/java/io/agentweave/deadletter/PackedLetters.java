package io.agentweave.deadletter;

import io.agentweave.deadletter.IndexedLetter.Place;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;

/**
 * Letters sorted by id, {@value #BYTES_EACH} bytes each where they come in the order of their ids,
 * at most twice that where they don't. For one thread at a time.
 */
final class PackedLetters {
  static final int BYTES_EACH = 56;

  private static final int WIDTH = BYTES_EACH / Long.BYTES;
  private static final int LEAF = 1_024;

  /** By their number in memory. */
  private static final List<DeadLetter.Status> STATUS = List.of(DeadLetter.Status.values());

  private final List<Leaf> leaves = new ArrayList<>();
  private int size;

  /** Never empty while it is in the list. */
  private static final class Leaf {
    private final long[] cells = new long[LEAF * WIDTH];
    private int count;
  }

  /** A letter's place, or where it would be. */
  private record Spot(int leaf, int slot, boolean taken) {}

  int size() {
    return size;
  }

  Optional<IndexedLetter> find(UUID id) {
    Spot spot = spot(id);
    return spot.taken() ? Optional.of(read(spot.leaf(), spot.slot())) : Optional.empty();
  }

  /** In the place of the one with the same id, if there is one. */
  void put(IndexedLetter letter) {
    Spot spot = spot(letter.id());
    if (spot.taken()) {
      write(leaves.get(spot.leaf()), spot.slot(), letter);
    } else {
      insert(spot, letter);
      size++;
    }
  }

  private void insert(Spot spot, IndexedLetter letter) {
    if (leaves.isEmpty()) {
      leaves.add(new Leaf());
    }
    Leaf leaf = leaves.get(spot.leaf());
    int slot = spot.slot();
    if (leaf.count == LEAF) {
      boolean newest = spot.leaf() == leaves.size() - 1 && slot == LEAF;
      int keep = newest ? LEAF : LEAF / 2;
      Leaf next = new Leaf();
      next.count = LEAF - keep;
      System.arraycopy(leaf.cells, keep * WIDTH, next.cells, 0, next.count * WIDTH);
      leaf.count = keep;
      leaves.add(spot.leaf() + 1, next);
      if (slot > keep || newest) {
        leaf = next;
        slot -= keep;
      }
    }
    int from = slot * WIDTH;
    System.arraycopy(leaf.cells, from, leaf.cells, from + WIDTH, (leaf.count - slot) * WIDTH);
    leaf.count++;
    write(leaf, slot, letter);
  }

  /** Takes the oldest settled letters out, at most so many. */
  void forgetSettled(int most) {
    int left = most;
    for (Leaf leaf : leaves) {
      int kept = 0;
      for (int slot = 0; slot < leaf.count; slot++) {
        if (left > 0 && status(leaf, slot) != DeadLetter.Status.OPEN) {
          left--;
        } else {
          System.arraycopy(leaf.cells, slot * WIDTH, leaf.cells, kept++ * WIDTH, WIDTH);
        }
      }
      size -= leaf.count - kept;
      leaf.count = kept;
    }
    leaves.removeIf(leaf -> leaf.count == 0);
  }

  /** Goes on until the next change of a letter. */
  Iterable<IndexedLetter> oldestFirst() {
    return () -> new Walk(0, 0, 1);
  }

  /** Only those with ids below {@code before}, as text, when there is one. */
  Iterable<IndexedLetter> newestFirst(Optional<String> before) {
    int leaf = leaves.size() - 1;
    while (leaf > 0 && before.isPresent() && !isBelow(leaf, 0, before.get())) {
      leaf--;
    }
    int slot = leaf < 0 ? 0 : leaves.get(leaf).count - 1;
    while (leaf >= 0 && slot >= 0 && before.isPresent() && !isBelow(leaf, slot, before.get())) {
      slot--;
    }
    int first = slot;
    int of = leaf;
    return () -> new Walk(of, first, -1);
  }

  private boolean isBelow(int leaf, int slot, String before) {
    return id(leaves.get(leaf), slot).toString().compareTo(before) < 0;
  }

  private final class Walk implements Iterator<IndexedLetter> {
    private final int step;
    private int leaf;
    private int slot;

    Walk(int leaf, int slot, int step) {
      this.leaf = leaf;
      this.slot = slot;
      this.step = step;
      settle();
    }

    private void settle() {
      if (leaf >= 0 && leaf < leaves.size() && (slot < 0 || slot >= leaves.get(leaf).count)) {
        leaf += step;
        slot = step > 0 || leaf < 0 ? 0 : leaves.get(leaf).count - 1;
      }
    }

    @Override
    public boolean hasNext() {
      return leaf >= 0 && leaf < leaves.size();
    }

    @Override
    public IndexedLetter next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      IndexedLetter letter = read(leaf, slot);
      slot += step;
      settle();
      return letter;
    }
  }

  private Spot spot(UUID id) {
    int low = 0;
    int high = leaves.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (compare(leaves.get(middle), 0, id) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return leaves.isEmpty() ? new Spot(0, 0, false) : spot(low, id);
  }

  private Spot spot(int leaf, UUID id) {
    int low = 0;
    int high = leaves.get(leaf).count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = compare(leaves.get(leaf), middle, id);
      if (order == 0) {
        return new Spot(leaf, middle, true);
      } else if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return new Spot(leaf, low, false);
  }

  /** As their texts compare, which is not how {@link UUID#compareTo} does. */
  private static int compare(Leaf leaf, int slot, UUID id) {
    int at = slot * WIDTH;
    int high = Long.compareUnsigned(leaf.cells[at], id.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(leaf.cells[at + 1], id.getLeastSignificantBits());
  }

  private static UUID id(Leaf leaf, int slot) {
    return new UUID(leaf.cells[slot * WIDTH], leaf.cells[slot * WIDTH + 1]);
  }

  private static DeadLetter.Status status(Leaf leaf, int slot) {
    return STATUS.get((int) (leaf.cells[slot * WIDTH + 6] & 3));
  }

  private static void write(Leaf leaf, int slot, IndexedLetter letter) {
    long[] cells = leaf.cells;
    int at = slot * WIDTH;
    Instant settledAt = letter.settledAt();
    cells[at] = letter.id().getMostSignificantBits();
    cells[at + 1] = letter.id().getLeastSignificantBits();
    cells[at + 2] = letter.head().at();
    cells[at + 3] = (long) letter.head().length() << 32 | letter.contentSize();
    cells[at + 4] = letter.last().at();
    cells[at + 5] =
        settledAt == null ? Long.MIN_VALUE : ChronoUnit.MICROS.between(Instant.EPOCH, settledAt);
    cells[at + 6] =
        (long) letter.last().length() << 32
            | (long) letter.failures() << 2
            | STATUS.indexOf(letter.status());
  }

  private IndexedLetter read(int leaf, int slot) {
    long[] cells = leaves.get(leaf).cells;
    int at = slot * WIDTH;
    long micros = cells[at + 5];
    return new IndexedLetter(
        id(leaves.get(leaf), slot),
        status(leaves.get(leaf), slot),
        micros == Long.MIN_VALUE ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
        new Place(cells[at + 2], (int) (cells[at + 3] >>> 32)),
        (int) cells[at + 3],
        (int) (cells[at + 6] & 0xFFFF_FFFFL) >>> 2,
        new Place(cells[at + 4], (int) (cells[at + 6] >>> 32)));
  }
}
