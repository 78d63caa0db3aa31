package io.agentweave.call;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * The inbound call that a thread serves: what the thread calls in turn must not outlive it.
 *
 * @param requestId of the inbound call
 * @param deadline of the inbound call
 */
public record CurrentCall(String requestId, Deadline deadline) {
  private static final ScopedValue<CurrentCall> SERVED = ScopedValue.newInstance();

  /** The call that this thread serves; empty on a thread that serves none. */
  public static Optional<CurrentCall> get() {
    return SERVED.isBound() ? Optional.of(SERVED.get()) : Optional.empty();
  }

  /** Runs {@code work} as part of this call. */
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(SERVED, this).call(work::get);
  }
}
