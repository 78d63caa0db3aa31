package io.agentweave.server;

import io.agentweave.call.RandomUuid;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The tasks of an agent, for as long as there is room. Tasks that run are always kept: admission
 * bounds them. Those that have ended, or wait for their owner, are kept within limits of number,
 * bytes and age; when there are too many, the oldest one of the owner who has most goes first, so
 * that nobody pushes out the tasks of another.
 */
final class TaskStore {
  private final Limits limits;
  private final long ageNanos;
  private final Map<String, ServedTask> tasks = new HashMap<>();
  private final Map<SpiffeId, Shelf> shelves = new HashMap<>();
  private long keptBytes;
  private int kept;

  /** How much is kept of tasks that do not run. */
  record Limits(int tasks, long bytes, Duration age) {
    static final Limits USUAL = new Limits(5_000, 8L << 20, Duration.ofMinutes(15));
  }

  TaskStore(Limits limits) {
    this.limits = limits;
    this.ageNanos = limits.age().toNanos();
  }

  /** A new task. A context that begins with it has its id. */
  ServedTask open(SpiffeId owner, String contextId) {
    String id = RandomUuid.next();
    ServedTask task = new ServedTask(id, contextId.isEmpty() ? id : contextId, owner);
    synchronized (this) {
      tasks.put(task.id(), task);
    }
    return task;
  }

  /** The task, if it is this owner's; nobody else's exists for them. */
  synchronized Optional<ServedTask> find(String id, SpiffeId owner) {
    return Optional.ofNullable(tasks.get(id)).filter(task -> task.owner().equals(owner));
  }

  /** This owner's tasks, the one whose status changed last first. */
  List<ServedTask> of(SpiffeId owner) {
    List<ServedTask> found;
    synchronized (this) {
      found = tasks.values().stream().filter(task -> task.owner().equals(owner)).toList();
    }
    record Dated(Instant time, ServedTask task) {}
    return found.stream()
        .map(task -> new Dated(task.statusTime(), task))
        .sorted(
            Comparator.comparing(Dated::time).thenComparing(dated -> dated.task().id()).reversed())
        .map(Dated::task)
        .toList();
  }

  /** It was answered without a task: there never was one. */
  synchronized void forget(ServedTask task) {
    tasks.remove(task.id());
  }

  /** The task does not run any more: from now on it is kept within the limits. */
  void rested(ServedTask task) {
    long weight = task.rest();
    synchronized (this) {
      keep(task, weight);
    }
  }

  private void keep(ServedTask task, long weight) {
    long now = System.nanoTime();
    shelves.computeIfAbsent(task.owner(), owner -> new Shelf()).add(task, weight, now);
    keptBytes += weight;
    kept++;
    dropTooOld(now);
    while (kept > limits.tasks() || keptBytes > limits.bytes()) {
      drop(fullest());
    }
  }

  /** The task goes on: the limits do not touch it until it rests again. */
  synchronized void resumed(ServedTask task) {
    Shelf shelf = shelves.get(task.owner());
    if (shelf != null) {
      Optional<Kept> found = shelf.kept.stream().filter(entry -> entry.task() == task).findFirst();
      found.ifPresent(
          entry -> {
            shelf.kept.remove(entry);
            shelf.bytes -= entry.weight();
            keptBytes -= entry.weight();
            kept--;
          });
      tasks.put(task.id(), task);
    }
  }

  synchronized int size() {
    return tasks.size();
  }

  private void dropTooOld(long now) {
    List<Shelf> old = List.of();
    for (Shelf shelf : shelves.values()) {
      if (shelf.isTooOld(now)) {
        old = new ArrayList<>(old);
        old.add(shelf);
      }
    }
    for (Shelf shelf : old) {
      while (shelf.isTooOld(now)) {
        drop(shelf);
      }
    }
  }

  private Shelf fullest() {
    boolean tooMany = kept > limits.tasks();
    Shelf fullest = null;
    long most = 0;
    for (Shelf shelf : shelves.values()) {
      long holds = tooMany ? shelf.kept.size() : shelf.bytes;
      if (!shelf.isEmpty() && (fullest == null || holds > most)) {
        fullest = shelf;
        most = holds;
      }
    }
    return Objects.requireNonNull(fullest, "more is kept than all shelves hold");
  }

  private void drop(Shelf shelf) {
    Kept dropped = shelf.kept.removeFirst();
    shelf.bytes -= dropped.weight();
    keptBytes -= dropped.weight();
    kept--;
    tasks.remove(dropped.task().id());
    if (shelf.isEmpty()) {
      shelves.remove(dropped.task().owner());
    }
  }

  /**
   * @param restedAt by {@link System#nanoTime}
   */
  private record Kept(ServedTask task, long weight, long restedAt) {}

  /** The resting tasks of one owner, oldest first. */
  private final class Shelf {
    private final Deque<Kept> kept = new ArrayDeque<>();
    private long bytes;

    void add(ServedTask task, long weight, long restedAt) {
      kept.addLast(new Kept(task, weight, restedAt));
      bytes += weight;
    }

    boolean isTooOld(long now) {
      return !kept.isEmpty() && now - kept.getFirst().restedAt() > ageNanos;
    }

    boolean isEmpty() {
      return kept.isEmpty();
    }
  }
}
