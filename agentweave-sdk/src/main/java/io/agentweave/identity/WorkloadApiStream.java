package io.agentweave.identity;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDRequest;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One FetchX509SVID stream, on a connection of its own. Unlike java-spiffe's own client it also
 * tells of a stream that the server completes, after which that client waits for ever. Its one
 * reader is the source's thread.
 */
final class WorkloadApiStream implements AutoCloseable {
  /** Without it a Workload API refuses the call (SPIFFE Workload Endpoint, section 6). */
  private static final Metadata.Key<String> SECURITY_HEADER =
      Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

  /** What a stream has to tell. After the end comes nothing. */
  sealed interface Event {
    record Message(X509SVIDResponse response) implements Event {}

    /** The server answers that this process is entitled to no SVID. */
    record Denied(String detail) implements Event {}

    record Ended(String detail) implements Event {}
  }

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final ManagedChannel channel;
  private volatile @Nullable ClientCallStreamObserver<X509SVIDRequest> call;

  private WorkloadApiStream(ManagedChannel channel) {
    this.channel = channel;
  }

  static WorkloadApiStream open(URI endpoint, EventLoopGroup io) {
    WorkloadApiStream stream =
        new WorkloadApiStream(
            channel(endpoint)
                .eventLoopGroup(io)
                .usePlaintext()
                .proxyDetector(_ -> null)
                .directExecutor()
                .disableRetry()
                .build());
    Metadata headers = new Metadata();
    headers.put(SECURITY_HEADER, "true");
    SpiffeWorkloadAPIGrpc.newStub(stream.channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .fetchX509SVID(X509SVIDRequest.getDefaultInstance(), stream.new Inbox());
    return stream;
  }

  private static NettyChannelBuilder channel(URI endpoint) {
    if (endpoint.getScheme().equals("tcp")) {
      return NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
          .channelType(NioSocketChannel.class);
    }
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(endpoint.getPath()))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
        .withOption(ChannelOption.SO_KEEPALIVE, null) // Unix sockets do not have it
        .overrideAuthority("localhost");
  }

  /** Waits for the next event; empty when there is none within {@code patience}. */
  Optional<Event> next(Duration patience) throws InterruptedException {
    Optional<Event> event =
        Optional.ofNullable(events.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
    ClientCallStreamObserver<X509SVIDRequest> open = call;
    if (open != null && event.orElse(null) instanceof Event.Message) {
      open.request(1);
    }
    return event;
  }

  /** Ends the stream and its connection, and waits a moment for both to be gone. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks for one message at a time: a server that floods has to wait. */
  private final class Inbox implements ClientResponseObserver<X509SVIDRequest, X509SVIDResponse> {
    @Override
    public void beforeStart(ClientCallStreamObserver<X509SVIDRequest> started) {
      started.disableAutoRequestWithInitial(1);
      call = started;
    }

    @Override
    public void onNext(X509SVIDResponse response) {
      events.add(new Event.Message(response));
    }

    @Override
    public void onError(Throwable failure) {
      Status status = Status.fromThrowable(failure);
      Throwable cause = status.getCause();
      String detail =
          status.getCode()
              + (status.getDescription() == null ? "" : ": " + status.getDescription())
              + (cause == null ? "" : " (" + cause.getMessage() + ")");
      events.add(
          status.getCode() == Status.Code.PERMISSION_DENIED
              ? new Event.Denied(detail)
              : new Event.Ended("the stream failed with " + detail));
    }

    @Override
    public void onCompleted() {
      events.add(new Event.Ended("the Workload API completed the stream"));
    }
  }
}
