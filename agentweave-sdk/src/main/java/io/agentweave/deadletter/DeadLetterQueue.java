package io.agentweave.deadletter;

import java.util.List;
import java.util.Optional;

/**
 * The dead letters of one agent. Safe for use by many threads; all methods may block on a disk or a
 * database and throw {@link DeadLetterException} when it fails.
 */
public interface DeadLetterQueue extends AutoCloseable {

  /** Keeps a new letter. It is durable when this returns. */
  void add(DeadLetter letter);

  /** Keeps all or none. They are durable when this returns. */
  void addAll(List<DeadLetter> letters);

  /** Newest first. An empty {@code status} means any. */
  List<DeadLetter> list(Optional<DeadLetter.Status> status, int limit);

  Optional<DeadLetter> find(String id);

  /**
   * Moves an open letter to {@code REPLAYED} or {@code DISCARDED}, durably.
   *
   * @return false when it does not exist or is not open (any more)
   */
  boolean close(String id, DeadLetter.Status status);

  /** Counts one more failed attempt of an open letter, with its new reason. */
  void failedAgain(String id, String reason, String detail);

  /** Number of open letters, for the gauge. */
  long open();

  @Override
  void close();
}
