package io.agentweave.client;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;

/** Lets only calls through whose answer somebody still waits for. */
final class InTime<R> implements Stage<Outgoing, Outgoing, R> {

  @Override
  public CallOutcome<R> pass(Outgoing outgoing, Next<Outgoing, R> next) {
    return outgoing.call().deadline().isOver()
        ? CallOutcome.refused(
            new Refusal.DeadlineExceeded("the deadline was over before the call was made"))
        : next.proceed(outgoing);
  }
}
