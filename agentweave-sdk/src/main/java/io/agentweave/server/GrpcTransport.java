package io.agentweave.server;

import io.agentweave.config.ServerSection;
import io.agentweave.transport.EventLoops;
import io.grpc.Server;
import io.grpc.netty.InternalNettyServerBuilder;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The gRPC server with all its limits: what a peer can make it hold and do is bounded here. */
final class GrpcTransport {
  static final int MAX_STREAMS_PER_CONNECTION = 256;

  /** What A2A wraps around a payload. */
  private static final int ENVELOPE_BYTES = 16 * 1024;

  private static final int MAX_METADATA_BYTES = 16 * 1024;
  private static final int MAX_RESETS = 500;
  private static final int RESET_WINDOW_SECONDS = 10;

  private GrpcTransport() {}

  /** The longest message of a server with these settings. */
  static int maxMessageBytes(ServerSection settings) {
    return settings.maxPayloadBytes() + ENVELOPE_BYTES;
  }

  /**
   * @param handshake what a peer gets until it speaks HTTP/2, or has asked for the card
   */
  static Server build(
      ServerSection settings,
      FrontDoor door,
      CallRunner runner,
      EventLoops loops,
      Duration handshake) {
    int maxMessageBytes = maxMessageBytes(settings);
    GrpcService service = new GrpcService(runner, maxMessageBytes);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(settings.host(), settings.port()),
                InternalNettyServerCredentials.create(door))
            .channelType(loops.serverChannel())
            .bossEventLoopGroup(loops.group())
            .workerEventLoopGroup(loops.group())
            .directExecutor()
            .flowControlWindow(EventLoops.FLOW_CONTROL_WINDOW)
            .maxInboundMessageSize(maxMessageBytes)
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .maxConcurrentCallsPerConnection(MAX_STREAMS_PER_CONNECTION)
            .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
            .handshakeTimeout(handshake.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(60, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .maxConnectionIdle(10, TimeUnit.MINUTES)
            .addStreamTracerFactory(StreamEnd.factory(service::unclaimed))
            .addService(service.definition())
            .fallbackHandlerRegistry(service.unknownMethods());
    InternalNettyServerBuilder.setStatsEnabled(builder, false);
    InternalNettyServerBuilder.setTracingEnabled(builder, false);
    return builder.build();
  }
}
