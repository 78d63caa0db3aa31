package io.agentweave.identity;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc;
import io.spiffe.workloadapi.grpc.Workload.X509SVID;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDRequest;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A real gRPC server of the Workload API's X.509 profile that behaves as its test says, badly
 * included.
 */
final class FakeWorkloadApi implements AutoCloseable {
  private static final Metadata.Key<String> SECURITY_HEADER =
      Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

  private final EventLoopGroup io =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("fake-workload-api", true), NioIoHandler.newFactory());
  private final Server server;
  private final URI endpoint;
  private final Optional<Path> socket;
  private final List<StreamObserver<X509SVIDResponse>> streams = new CopyOnWriteArrayList<>();
  private final AtomicInteger opened = new AtomicInteger();
  private volatile Consumer<StreamObserver<X509SVIDResponse>> greeting = _ -> {};

  private FakeWorkloadApi(SocketAddress address, Optional<Path> socket) throws IOException {
    this.socket = socket;
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .bossEventLoopGroup(io)
            .workerEventLoopGroup(io)
            .directExecutor()
            .addService(ServerInterceptors.intercept(service(), new HeaderCheck()));
    if (socket.isPresent()) {
      builder
          .channelType(NioServerDomainSocketChannel.class)
          .withChildOption(ChannelOption.SO_KEEPALIVE, null);
    } else {
      builder.channelType(io.netty.channel.socket.nio.NioServerSocketChannel.class);
    }
    server = builder.build().start();
    endpoint =
        socket
            .map(path -> URI.create("unix://" + path))
            .orElseGet(() -> URI.create("tcp://127.0.0.1:" + server.getPort()));
  }

  static FakeWorkloadApi onTcp(int port) throws IOException {
    return new FakeWorkloadApi(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Optional.empty());
  }

  static FakeWorkloadApi onSocket(Path path) throws IOException {
    return new FakeWorkloadApi(UnixDomainSocketAddress.of(path), Optional.of(path));
  }

  URI endpoint() {
    return endpoint;
  }

  /** How many streams were opened so far. */
  int opened() {
    return opened.get();
  }

  /** What every new stream gets at once. */
  FakeWorkloadApi greets(Consumer<StreamObserver<X509SVIDResponse>> what) {
    greeting = what;
    return this;
  }

  FakeWorkloadApi serves(X509SVIDResponse response) {
    return greets(stream -> stream.onNext(response));
  }

  /** Sends to the streams that are open, and greets new ones so. */
  void updates(X509SVIDResponse response) {
    serves(response);
    each(stream -> stream.onNext(response));
  }

  /** Completes the streams that are open. */
  void completes() {
    each(StreamObserver::onCompleted);
    streams.clear();
  }

  /** Fails the streams that are open. */
  void fails(Status status) {
    each(stream -> stream.onError(status.asRuntimeException()));
    streams.clear();
  }

  private void each(Consumer<StreamObserver<X509SVIDResponse>> what) {
    streams.removeIf(
        stream -> {
          try {
            what.accept(stream);
            return false;
          } catch (IllegalStateException | StatusRuntimeException _) {
            return true; // its greeting, or its client, has ended it
          }
        });
  }

  private BindableService service() {
    return new SpiffeWorkloadAPIGrpc.SpiffeWorkloadAPIImplBase() {
      @Override
      public void fetchX509SVID(X509SVIDRequest request, StreamObserver<X509SVIDResponse> stream) {
        opened.incrementAndGet();
        streams.add(stream);
        greeting.accept(stream);
      }
    };
  }

  /** As every Workload API: no security header, no answer. */
  private static final class HeaderCheck implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      if (!"true".equals(headers.get(SECURITY_HEADER))) {
        call.close(Status.INVALID_ARGUMENT.withDescription("security header missing"), headers);
        return new ServerCall.Listener<>() {};
      }
      return next.startCall(call, headers);
    }
  }

  /** One SVID with the bundle of its domain. */
  static X509SVID svid(MintedSvid svid, Authority... authorities) {
    return X509SVID
        .newBuilder()
        .setSpiffeId(SwitchableIdentity.material(svid, java.util.Map.of()).spiffeId().toString())
        .setX509Svid(der(svid.chain()))
        .setX509SvidKey(ByteString.copyFrom(svid.key().getEncoded()))
        .setBundle(bundle(authorities))
        .build();
  }

  static X509SVIDResponse answer(X509SVID... svids) {
    return X509SVIDResponse.newBuilder().addAllSvids(List.of(svids)).build();
  }

  static ByteString bundle(Authority... authorities) {
    return der(List.of(authorities).stream().map(Authority::certificate).toList());
  }

  private static ByteString der(Collection<X509Certificate> certificates) {
    ByteArrayOutputStream der = new ByteArrayOutputStream();
    for (X509Certificate certificate : certificates) {
      try {
        der.writeBytes(certificate.getEncoded());
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException(e);
      }
    }
    return ByteString.copyFrom(der.toByteArray());
  }

  /** Dies: connections are cut, the socket is gone. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
      if (socket.isPresent()) {
        Files.deleteIfExists(socket.get());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    var _ = io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
