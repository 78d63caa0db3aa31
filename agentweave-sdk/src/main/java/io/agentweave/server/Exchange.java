package io.agentweave.server;

import com.google.protobuf.Message;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.call.CallOutcome;

/**
 * The wire side of one call. Used by the call's own thread, except {@link #callerIsGone}, which any
 * thread may ask.
 */
interface Exchange {

  /** Answers now; the work goes on and its outcome is only observed. */
  void answerEarly(Message reply);

  /**
   * Sends one event of a stream, waiting while the caller can't take it.
   *
   * @return false when the caller no longer listens
   */
  boolean stream(StreamResponse event) throws InterruptedException;

  /** Says how the call ended. The last thing that happens to it. */
  void finish(CallOutcome<Reply> outcome);

  boolean callerIsGone();

  /** Runs {@code then} once, when the answer has left or never will. */
  default void whenDelivered(Runnable then) {
    then.run();
  }
}
