package io.agentweave.server;

import io.agentweave.call.RandomUuid;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The tasks of an agent, for as long as there is room. Tasks that run are always kept: admission
 * bounds them. Those that have ended, or wait for their owner, are kept within limits of number,
 * bytes and age; when there are too many, the oldest one of the owner who has most goes first, so
 * that nobody pushes out the tasks of another. Safe for use by many threads.
 */
final class TaskStore {
  private final Map<String, ServedTask> running = new HashMap<>();
  private final RestingTasks resting;

  /** How much is kept of tasks that do not run. */
  record Limits(int tasks, long bytes, Duration age) {
    static final Limits USUAL = new Limits(5_000, 8L << 20, Duration.ofMinutes(15));
  }

  TaskStore(Limits limits) {
    resting = new RestingTasks(limits);
  }

  /** A new task. A context that begins with it has its id. */
  ServedTask open(SpiffeId owner, String contextId) {
    String id = RandomUuid.next();
    ServedTask task = new ServedTask(id, contextId.isEmpty() ? id : contextId, owner);
    synchronized (this) {
      running.put(id, task);
    }
    return task;
  }

  /** The task, if it is this owner's; nobody else's exists for them. */
  Optional<ServedTask> find(String id, SpiffeId owner) {
    return TaskId.parse(id).flatMap(parsed -> find(id, parsed, owner)).map(Supplier::get);
  }

  private synchronized Optional<Supplier<ServedTask>> find(
      String id, TaskId parsed, SpiffeId owner) {
    ServedTask task = running.get(id);
    if (task == null) {
      return resting.find(parsed, owner);
    }
    return task.owner().equals(owner) ? Optional.of(() -> task) : Optional.empty();
  }

  /** This owner's tasks, the one whose status changed last first. */
  List<TaskGlance> of(SpiffeId owner) {
    List<TaskGlance> found = new ArrayList<>();
    synchronized (this) {
      for (ServedTask task : running.values()) {
        if (task.owner().equals(owner)) {
          found.add(TaskGlance.of(task));
        }
      }
      resting.look(owner, found::add);
    }
    found.sort(TaskGlance.NEWEST_FIRST);
    return found;
  }

  /** It was answered without a task: there never was one. */
  synchronized void forget(ServedTask task) {
    running.remove(task.id());
  }

  /**
   * The turn of a task is over, whether or not it came to its end: from now on the task is kept
   * within the limits, unless its owner was quicker and the next turn has begun.
   */
  void rested(ServedTask task, WorkGuard turn) {
    Optional<PackedTask> packed = task.pack();
    synchronized (this) {
      if (task.isInAnotherTurn(turn)) {
        return;
      }
      running.remove(task.id());
      resting.add(task, packed, System.nanoTime());
    }
  }

  /** The task goes on: the limits do not touch it until it rests again. */
  synchronized void resumed(ServedTask task) {
    resting.remove(task);
    running.put(task.id(), task);
  }

  synchronized int size() {
    return running.size() + resting.size();
  }
}
