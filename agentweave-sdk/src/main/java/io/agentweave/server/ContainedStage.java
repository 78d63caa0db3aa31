package io.agentweave.server;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a stage throws into a refusal: a bug of ours is an outcome, and observed like one. */
final class ContainedStage implements Stage<ObservedCall, ObservedCall, Reply> {
  private static final Logger log = LoggerFactory.getLogger(ContainedStage.class);

  @Override
  public CallOutcome<Reply> pass(ObservedCall call, Next<ObservedCall, Reply> next) {
    try {
      return next.proceed(call);
    } catch (Throwable e) {
      log.error("call {} broke on its way to the handler", call.received().requestId(), e);
      return CallOutcome.refused(
          new Refusal.Broken(e.getClass().getName() + " in the chain; see the log"));
    }
  }
}
