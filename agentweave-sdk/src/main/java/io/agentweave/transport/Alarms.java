package io.agentweave.transport;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/** Makes what deadlines are kept with: nearly all of them are met, and forgotten at once then. */
public final class Alarms {
  private Alarms() {}

  /**
   * One daemon thread of this name, which runs what is due. Once it is shut down, alarms may still
   * be set and never go off: what they are for ends anyway.
   */
  public static ScheduledExecutorService start(String name) {
    ScheduledThreadPoolExecutor alarms =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(name).factory());
    alarms.setRemoveOnCancelPolicy(true);
    alarms.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    return alarms;
  }
}
