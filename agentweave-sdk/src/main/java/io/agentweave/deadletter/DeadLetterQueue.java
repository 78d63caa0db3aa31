package io.agentweave.deadletter;

import java.util.List;
import java.util.Optional;

/**
 * The dead letters of one agent. Settled letters may be forgotten after 30 days, or when there is
 * no room for more. Safe for use by many threads; all methods may block on a disk or a database and
 * throw {@link DeadLetterException} when it fails.
 */
public interface DeadLetterQueue extends AutoCloseable {

  /** Keeps a new letter. It is durable when this returns. */
  default void add(DeadLetter letter) {
    addAll(List.of(letter));
  }

  /**
   * Keeps all or none. They are durable when this returns.
   *
   * @throws IllegalArgumentException when a letter of that id was added before, or the id is no
   *     UUID in lower case
   * @throws DeadLetterException also when there is no room for more open letters
   */
  void addAll(List<DeadLetter> letters);

  /**
   * Newest first, by id. An empty {@code status} means any.
   *
   * @param limit at most so many, 1 or more
   */
  List<DeadLetter> list(Optional<DeadLetter.Status> status, int limit);

  /**
   * Newest first, by id, without contents: a page takes no more memory however large they are. It
   * ends before its limit where it would come to more than 1 MiB of JSON, but never empty when
   * there are letters: an empty page is the end.
   *
   * @param status empty means any
   * @param before only what is older than this id, by which the next page follows this one
   * @param limit at most so many, 1 or more
   */
  List<ListedLetter> page(Optional<DeadLetter.Status> status, Optional<String> before, int limit);

  Optional<DeadLetter> find(String id);

  /**
   * Moves an open letter to {@code REPLAYED} or {@code DISCARDED}, durably.
   *
   * @return false when it does not exist or is not open (any more)
   */
  boolean settle(String id, DeadLetter.Status status);

  /** Counts one more failed attempt of an open letter, with its new reason. */
  void failedAgain(String id, String reason, String detail);

  /** Number of open letters, for the gauge. */
  long open();

  /** Lets go of the queue's own files and locks; a data source that was given stays open. */
  @Override
  void close();
}
