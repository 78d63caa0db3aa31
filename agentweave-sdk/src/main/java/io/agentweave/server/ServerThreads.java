package io.agentweave.server;

import io.agentweave.transport.Alarms;
import io.agentweave.transport.EventLoops;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The platform threads of a server, all daemons; calls run on virtual ones.
 *
 * @param timer deadlines and the sweep over connections
 * @param handshakes the expensive part of TLS handshakes
 * @param loops reading and writing
 */
record ServerThreads(ScheduledExecutorService timer, ExecutorService handshakes, EventLoops loops)
    implements AutoCloseable {

  static ServerThreads start() {
    return new ServerThreads(
        Alarms.start("agentweave-server-timer"),
        Executors.newFixedThreadPool(2, daemon("agentweave-server-handshake")),
        EventLoops.start(
            "agentweave-server-io", Math.min(4, Runtime.getRuntime().availableProcessors())));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    handshakes.shutdownNow();
    loops.close();
  }

  private static DefaultThreadFactory daemon(String name) {
    return new DefaultThreadFactory(name, true);
  }
}
