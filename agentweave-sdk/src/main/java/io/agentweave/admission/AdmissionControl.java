package io.agentweave.admission;

import io.agentweave.call.Deadline;
import io.agentweave.identity.SpiffeId;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The two doors that a call passes, each of which hands out a {@link Ticket} or turns it away.
 *
 * <p>{@link #enter} stands before identity and policy, so that a flood reaches neither. {@link
 * #admit} stands behind them and knows the peer. Safe for use by many threads; {@code admit} waits
 * for a place at most as long as {@link AdmissionLimits#maxWait}, {@code enter} never.
 */
public interface AdmissionControl {

  /** The agent's places as a whole: turned away at once when all are taken. */
  Admission enter(String action);

  /**
   * The peer's rate, then its share of the agent's places, then the places of the action.
   *
   * @param rateClass the class that policy put the peer in, if it did; one that has no rate of its
   *     own is served at the ordinary rate
   * @throws IllegalStateException when the action has no limit
   */
  Admission admit(String action, SpiffeId peer, @Nullable String rateClass, Deadline deadline);

  /**
   * Fails when an action has no limit; for the start of an agent.
   *
   * @throws IllegalStateException names all such actions
   */
  void expectLimitsFor(Collection<String> actions);

  /** Places of the whole agent that are taken now. */
  int permitsInUse();

  /**
   * Places of one action that are taken now; always 0 for an exempt one.
   *
   * @throws IllegalStateException when the action has no limit
   */
  int permitsInUse(String action);

  /** The doors with these limits. */
  static AdmissionControl of(AdmissionLimits limits) {
    return new SemaphoreAdmission(limits, System::nanoTime);
  }
}
