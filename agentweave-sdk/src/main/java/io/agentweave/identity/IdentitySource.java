package io.agentweave.identity;

import java.util.function.Consumer;

/**
 * Where an agent's identity comes from. Implementations are safe for use by many threads.
 *
 * <p>A source exists only once it has a first snapshot: there is no agent without an SVID.
 */
public interface IdentitySource extends AutoCloseable {

  /** The newest snapshot. Never blocks. It may be expired or withdrawn: ask the snapshot. */
  IdentitySnapshot current();

  /** What an operator should know about the source. */
  IdentityHealth health();

  /**
   * Calls {@code listener} with each snapshot that replaces another, on a thread of the source, in
   * order. Closing the returned handle ends that.
   */
  Subscription onChange(Consumer<IdentitySnapshot> listener);

  @Override
  void close();

  /** The right to be told; close it to be told no more. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
