package io.agentweave.validation;

import java.util.function.LongPredicate;
import java.util.function.Supplier;

/**
 * Whom to ask for room for trees of JSON that a thread builds. Without anybody to ask there is
 * room.
 */
public final class TreeRoom {
  private static final ScopedValue<LongPredicate> ROOM = ScopedValue.newInstance();

  private TreeRoom() {}

  /**
   * Runs {@code work}, for which room is made by {@code room}.
   *
   * @param room told of so many bytes more; false when there is no room for them
   */
  public static <T> T within(LongPredicate room, Supplier<T> work) {
    return ScopedValue.where(ROOM, room).call(work::get);
  }

  static boolean take(long bytes) {
    return !ROOM.isBound() || ROOM.get().test(bytes);
  }
}
