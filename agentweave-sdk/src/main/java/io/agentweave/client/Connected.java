package io.agentweave.client;

import io.grpc.Context;
import io.grpc.Deadline;
import java.util.concurrent.TimeUnit;

/** A permitted attempt with a channel that can only end at its target. */
record Connected(Located located, PeerChannel channel) {

  Attempt attempt() {
    return located.attempt();
  }

  Outgoing outgoing() {
    return located.outgoing();
  }

  /**
   * What the call is made in: it ends with the call's deadline, which the target is told of. To be
   * cancelled when the call is over.
   *
   * <p>A deadline among the call's options would have an event loop look after it, mostly another
   * one than the connection's: a thread more to wake for each call.
   */
  Context.CancellableContext whileInTime() {
    long nanos = outgoing().call().deadline().remaining().toNanos();
    return Context.current()
        .withDeadline(Deadline.after(nanos, TimeUnit.NANOSECONDS), channel.alarms());
  }
}
