package io.agentweave.call;

/**
 * One step of a chain. A stage either ends the call with an outcome of its own, or hands it on and
 * may look at the outcome that comes back.
 *
 * <p>The types carry the order: a stage that proves something about the call hands on a type that
 * holds the proof, so that a chain without that stage does not compile.
 *
 * @param <I> what the stage needs to know of the call
 * @param <O> what the next stage may rely on
 * @param <R> what an answered call carries back
 */
@FunctionalInterface
public interface Stage<I, O, R> {

  CallOutcome<R> pass(I call, Next<O, R> next);

  /** This stage, then {@code following}. */
  default <P> Stage<I, P, R> then(Stage<O, P, R> following) {
    return (call, next) -> pass(call, handedOn -> following.pass(handedOn, next));
  }

  /** The rest of the chain, as a stage sees it. */
  @FunctionalInterface
  interface Next<O, R> {
    CallOutcome<R> proceed(O call);
  }
}
