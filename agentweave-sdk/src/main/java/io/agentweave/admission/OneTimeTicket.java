package io.agentweave.admission;

import java.util.concurrent.atomic.AtomicBoolean;

/** A ticket that runs {@code giveBack} once. */
final class OneTimeTicket implements Ticket {
  private final Runnable giveBack;
  private final AtomicBoolean ended = new AtomicBoolean();

  OneTimeTicket(Runnable giveBack) {
    this.giveBack = giveBack;
  }

  @Override
  public void end() {
    if (!ended.compareAndSet(false, true)) {
      throw new IllegalStateException("this ticket has ended before");
    }
    giveBack.run();
  }
}
