package io.agentweave.local.authority;

import io.agentweave.identity.SpiffeId;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A SPIFFE Workload API on a Unix socket: the protocol that SPIRE's agent speaks, with the X.509
 * part answered and the JWT part not implemented. The socket may be used by its owner only.
 *
 * <p>Each open stream gets a new SVID when half of the old one's life is over and whenever the
 * authorities change. A process whose registration is gone is told so and its stream ends.
 */
public final class WorkloadApiServer implements AutoCloseable {
  private final Path socket;
  private final Server server;
  private final UnixSocket transport;
  private final ScheduledExecutorService timer;
  private final X509Streams streams;
  private final LocalAuthority authority;
  private final Runnable authorityChanged;

  private WorkloadApiServer(
      Path socket,
      Server server,
      UnixSocket transport,
      ScheduledExecutorService timer,
      X509Streams streams,
      LocalAuthority authority) {
    this.socket = socket;
    this.server = server;
    this.transport = transport;
    this.timer = timer;
    this.streams = streams;
    this.authority = authority;
    authorityChanged = streams::renewAll;
  }

  /**
   * Starts serving. A socket file that nobody listens on is replaced.
   *
   * @throws IOException when the socket can't be made, for example because another process listens
   *     there
   */
  public static WorkloadApiServer start(Path socket, LocalAuthority authority, Attestor attestor)
      throws IOException {
    UnixSocket.clear(socket);
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("workload-api-timer").factory());
    X509Streams streams = new X509Streams(authority, attestor, timer);
    UnixSocket transport = UnixSocket.open();
    Server server =
        NettyServerBuilder.forAddress(
                new DomainSocketAddress(socket.toFile()), PeerCredentialsNegotiator.credentials())
            .channelType(transport.channelType())
            // gRPC's own default, which a Unix socket does not know.
            .withChildOption(ChannelOption.SO_KEEPALIVE, null)
            .bossEventLoopGroup(transport.loop())
            .workerEventLoopGroup(transport.loop())
            .directExecutor()
            .intercept(new WorkloadApiGate())
            .addService(streams)
            .build();
    WorkloadApiServer api =
        new WorkloadApiServer(socket, server, transport, timer, streams, authority);
    try {
      server.start();
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException | RuntimeException failed) {
      api.close();
      throw failed;
    }
    authority.onChange(api.authorityChanged);
    long tick = Math.clamp(authority.svidLifetime().toMillis() / 20, 10, 1000);
    var ignored =
        timer.scheduleWithFixedDelay(
            () -> {
              authority.maintain();
              streams.renewDue();
            },
            tick,
            tick,
            TimeUnit.MILLISECONDS);
    return api;
  }

  public Path socket() {
    return socket;
  }

  /** The socket as {@code identity.spiffe_endpoint} wants it. */
  public URI endpoint() {
    try {
      // Blanks and percent signs of the path have to be escaped.
      return new URI("unix", "", socket.toAbsolutePath().toString(), null, null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the path of a file is the path of a URI", e);
    }
  }

  /** Looks at every stream again: to be called when registrations changed. */
  public void registrationsChanged() {
    streams.renewAll();
  }

  /** Also gives out the bundle of {@code other}, as a federated trust domain. */
  public void federate(LocalAuthority other) {
    streams.federate(other);
    other.onChange(authorityChanged);
  }

  /** Gives out the bundle of {@code other} no more. */
  public void endFederation(LocalAuthority other) {
    other.removeListener(authorityChanged);
    streams.endFederation(other);
  }

  /** When the SVID that {@code spiffeId} got last expires. */
  public Optional<Instant> svidNotAfter(SpiffeId spiffeId) {
    return streams.notAfter(spiffeId);
  }

  /** Ends all streams, removes the socket. */
  @Override
  public void close() {
    authority.removeListener(authorityChanged);
    streams.close();
    timer.shutdownNow();
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    var ignored = transport.loop().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    try {
      Files.deleteIfExists(socket);
    } catch (IOException leftBehind) {
      // The next one that starts here removes it.
    }
  }
}
