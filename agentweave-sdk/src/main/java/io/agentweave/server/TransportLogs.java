package io.agentweave.server;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Silences the transport's logs of what peers do wrong: what becomes a call is refused, counted and
 * audited here, what does not even have the form of one (no path, another content type) the
 * transport answers by itself, and a stack trace for each would let a peer fill the disk.
 */
final class TransportLogs {
  // Held, because java.util.logging forgets the levels of loggers that nobody holds.
  private static final List<Logger> SILENCED =
      List.of(
          Logger.getLogger("io.grpc.netty.NettyServerStream"),
          Logger.getLogger("io.grpc.netty.NettyServerHandler"),
          Logger.getLogger("io.grpc.netty.NettyServerTransport.connections"));

  private TransportLogs() {}

  static void silence() {
    SILENCED.forEach(logger -> logger.setLevel(Level.OFF));
  }
}
