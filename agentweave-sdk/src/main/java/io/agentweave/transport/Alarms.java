package io.agentweave.transport;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** Makes what deadlines are kept with: nearly all of them are met, and forgotten at once then. */
public final class Alarms {
  private Alarms() {}

  /** One daemon thread of this name, which runs what is due. */
  public static ScheduledExecutorService start(String name) {
    ScheduledThreadPoolExecutor alarms =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(name).factory());
    alarms.setRemoveOnCancelPolicy(true);
    return alarms;
  }
}
