package io.agentweave.server;

import com.google.protobuf.ByteString;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.identity.SpiffeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that do not run, within limits. An agent that serves thousands of calls a second keeps
 * and drops as many tasks, so what is kept of one that has ended makes no objects: its bytes go
 * into blocks, and its entry is one that another task has left. A garbage collector would else copy
 * all that has come since it last ran. Not safe for use by many threads.
 */
final class RestingTasks {
  /** What is around the bytes: the entry, and its place in the index. */
  private static final long ENTRY_BYTES = 192;

  private static final long STRING_BYTES = 64;

  private final TaskStore.Limits limits;
  private final long ageNanos;
  private final TaskBlocks blocks = new TaskBlocks();
  private final Map<SpiffeId, Shelf> shelves = new HashMap<>();

  /** Entries by the hash of their ids, which are random. */
  private final @Nullable Entry[] buckets;

  private @Nullable Entry unused;
  private int kept;
  private long keptBytes;

  RestingTasks(TaskStore.Limits limits) {
    this.limits = limits;
    this.ageNanos = limits.age().toNanos();
    this.buckets = new Entry[Math.max(1, Integer.highestOneBit(limits.tasks()) * 2)];
  }

  /**
   * Keeps a task, and drops others where there is no room; or does not keep it, where there would
   * be none without it.
   *
   * @param packed empty for a task that waits for its owner
   * @param now by {@link System#nanoTime}
   */
  void add(ServedTask task, Optional<PackedTask> packed, long now) {
    dropTooOld(now);
    TaskId id = TaskId.of(task.id());
    drop(entry(id));
    long weight =
        ENTRY_BYTES
            + contextBytes(task)
            + packed.map(RestingTasks::room).orElseGet(() -> (long) task.weight());
    Shelf shelf = shelves.computeIfAbsent(task.owner(), Shelf::new);
    count(shelf, 1, weight);
    while (kept > limits.tasks() || keptBytes > limits.bytes()) {
      Entry oldest = fullest().oldest;
      if (oldest == null) {
        count(shelf, -1, -weight);
        return;
      }
      drop(oldest);
    }
    Entry entry = unused == null ? new Entry() : unused;
    unused = entry.newer;
    entry.fill(id, task, weight, now);
    if (packed.isPresent()) {
      entry.hold(packed.get());
    } else {
      entry.waiting = task;
    }
    shelf.append(entry);
    int bucket = bucket(id.high(), id.low());
    entry.sameBucket = buckets[bucket];
    buckets[bucket] = entry;
  }

  /** A context that began with its task has no id of its own. */
  private static long contextBytes(ServedTask task) {
    String context = task.contextId();
    return context.equals(task.id()) ? 0 : STRING_BYTES + (long) Character.BYTES * context.length();
  }

  private static long room(PackedTask packed) {
    ByteString request = packed.request();
    return TaskBlocks.room(packed.told().size())
        + (request == null ? 0 : TaskBlocks.room(request.size()));
  }

  /** How to get this owner's task. The bytes are copied already: read it when nobody waits. */
  Optional<Supplier<ServedTask>> find(TaskId id, SpiffeId owner) {
    Entry entry = entry(id);
    if (entry == null || !entry.shelf().owner.equals(owner)) {
      return Optional.empty();
    }
    ServedTask waiting = entry.waiting;
    if (waiting != null) {
      return Optional.of(() -> waiting);
    }
    byte[] told = blocks.get(entry.told, entry.toldSize);
    byte[] request =
        entry.request == TaskBlocks.NONE ? null : blocks.get(entry.request, entry.requestSize);
    return Optional.of(() -> ServedTask.ended(owner, told, request));
  }

  /** Hands out what is to be seen of this owner's tasks. */
  void look(SpiffeId owner, Consumer<TaskGlance> each) {
    Shelf shelf = shelves.get(owner);
    for (Entry entry = shelf == null ? null : shelf.oldest; entry != null; entry = entry.newer) {
      each.accept(entry.glance());
    }
  }

  /** It does not rest any more. */
  void remove(ServedTask task) {
    drop(entry(TaskId.of(task.id())));
  }

  int size() {
    return kept;
  }

  private void dropTooOld(long now) {
    List<Shelf> old = List.of();
    for (Shelf shelf : shelves.values()) {
      if (isTooOld(shelf.oldest, now)) {
        old = new ArrayList<>(old);
        old.add(shelf);
      }
    }
    for (Shelf shelf : old) {
      for (Entry oldest = shelf.oldest; isTooOld(oldest, now); oldest = shelf.oldest) {
        drop(oldest);
      }
    }
  }

  private boolean isTooOld(@Nullable Entry oldest, long now) {
    return oldest != null && now - oldest.restedAt > ageNanos;
  }

  /** Of several that are equally full, the one with the oldest task. */
  private Shelf fullest() {
    boolean tooMany = kept > limits.tasks();
    Shelf fullest = null;
    long most = 0;
    for (Shelf shelf : shelves.values()) {
      long holds = tooMany ? shelf.count : shelf.bytes;
      if (fullest == null || holds > most || (holds == most && shelf.isOlderThan(fullest))) {
        fullest = shelf;
        most = holds;
      }
    }
    return Objects.requireNonNull(fullest, "more is kept than all shelves hold");
  }

  private void drop(@Nullable Entry entry) {
    if (entry == null) {
      return;
    }
    Shelf shelf = entry.shelf();
    shelf.unlink(entry);
    unindex(entry);
    blocks.free(entry.told);
    blocks.free(entry.request);
    count(shelf, -1, -entry.weight);
    entry.clear();
    entry.newer = unused;
    unused = entry;
  }

  private void count(Shelf shelf, int tasks, long bytes) {
    kept += tasks;
    keptBytes += bytes;
    shelf.count += tasks;
    shelf.bytes += bytes;
    if (shelf.count == 0) {
      shelves.remove(shelf.owner);
    }
  }

  private @Nullable Entry entry(TaskId id) {
    Entry entry = buckets[bucket(id.high(), id.low())];
    while (entry != null && (entry.idHigh != id.high() || entry.idLow != id.low())) {
      entry = entry.sameBucket;
    }
    return entry;
  }

  private void unindex(Entry entry) {
    int bucket = bucket(entry.idHigh, entry.idLow);
    Entry before = buckets[bucket];
    if (before == entry) {
      buckets[bucket] = entry.sameBucket;
      return;
    }
    while (before != null && before.sameBucket != entry) {
      before = before.sameBucket;
    }
    Objects.requireNonNull(before, "a task that is kept is not in the index").sameBucket =
        entry.sameBucket;
  }

  private int bucket(long idHigh, long idLow) {
    return Long.hashCode(idHigh ^ idLow) & (buckets.length - 1);
  }

  /** The tasks of one owner, in the order in which they came to rest. */
  private static final class Shelf {
    private final SpiffeId owner;
    private @Nullable Entry oldest;
    private @Nullable Entry newest;
    private int count;
    private long bytes;

    Shelf(SpiffeId owner) {
      this.owner = owner;
    }

    boolean isOlderThan(Shelf other) {
      return oldest != null
          && (other.oldest == null || oldest.restedAt - other.oldest.restedAt < 0);
    }

    void append(Entry entry) {
      entry.shelf = this;
      entry.older = newest;
      entry.newer = null;
      if (newest == null) {
        oldest = entry;
      } else {
        newest.newer = entry;
      }
      newest = entry;
    }

    void unlink(Entry entry) {
      if (entry.older == null) {
        oldest = entry.newer;
      } else {
        entry.older.newer = entry.newer;
      }
      if (entry.newer == null) {
        newest = entry.older;
      } else {
        entry.newer.older = entry.older;
      }
    }
  }

  /** One task after the other. */
  private final class Entry {
    private long idHigh;
    private long idLow;
    private @Nullable String otherContext;
    private TaskState state = TaskState.TASK_STATE_UNSPECIFIED;
    private long statusMillis;
    private long restedAt;
    private long weight;
    private int told = TaskBlocks.NONE;
    private int toldSize;
    private int request = TaskBlocks.NONE;
    private int requestSize;
    private @Nullable ServedTask waiting;
    private @Nullable Shelf shelf;
    private @Nullable Entry older;
    private @Nullable Entry newer;
    private @Nullable Entry sameBucket;

    void fill(TaskId id, ServedTask task, long itsWeight, long now) {
      idHigh = id.high();
      idLow = id.low();
      otherContext = task.contextId().equals(task.id()) ? null : task.contextId();
      state = task.state();
      statusMillis = task.statusTime().toEpochMilli();
      restedAt = now;
      weight = itsWeight;
    }

    void hold(PackedTask packed) {
      told = blocks.put(packed.told());
      toldSize = packed.told().size();
      ByteString with = packed.request();
      if (with != null) {
        request = blocks.put(with);
        requestSize = with.size();
      }
    }

    void clear() {
      otherContext = null;
      told = TaskBlocks.NONE;
      request = TaskBlocks.NONE;
      waiting = null;
      shelf = null;
      older = null;
      sameBucket = null;
    }

    Shelf shelf() {
      return Objects.requireNonNull(shelf, "an entry without a task");
    }

    TaskGlance glance() {
      if (waiting != null) {
        return TaskGlance.of(waiting);
      }
      TaskId id = new TaskId(idHigh, idLow);
      return new TaskGlance(
          id,
          otherContext == null ? id.text() : otherContext,
          state,
          Instant.ofEpochMilli(statusMillis));
    }
  }
}
