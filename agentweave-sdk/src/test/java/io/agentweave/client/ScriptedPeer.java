package io.agentweave.client;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.agentweave.a2a.JsonForm;
import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.WireNames;
import io.agentweave.a2a.WireResults;
import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.SendMessageResponse;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.SubscribeToTaskRequest;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskStatus;
import io.agentweave.call.Payload;
import io.agentweave.call.RefusalKind;
import io.agentweave.identity.IdentitySource;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An A2A server over real mutual TLS that answers as its test says. */
final class ScriptedPeer implements AutoCloseable {
  private static final Context.Key<Metadata> HEADERS = Context.key("headers");

  private final Server server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile Consumer<StreamObserver<StreamResponse>> streaming = StreamObserver::onCompleted;
  private final List<Received> received = new CopyOnWriteArrayList<>();

  /** One request as it arrived. */
  record Received(String capability, Payload payload, Metadata headers, Duration timeLeft) {
    @Nullable String header(String name) {
      return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }
  }

  private ScriptedPeer(IdentitySource identity, int port, Function<Received, TaskResult> script) {
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .sslContext(tls(identity))
            .executor(threads)
            .intercept(new KeepHeaders())
            .addTransportFilter(new CountConnections())
            .addService(new Service(script))
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ScriptedPeer start(IdentitySource identity, Function<Received, TaskResult> script) {
    return new ScriptedPeer(identity, 0, script);
  }

  /** What an AgentWeave agent says when it refuses. */
  static StatusRuntimeException refusal(RefusalKind kind, String reason, Duration retryAfter) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(14)
            .setMessage(kind.word())
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setDomain(WireNames.AGENTWEAVE_DOMAIN)
                        .setReason(kind.name())
                        .putMetadata(WireNames.INFO_REASON, reason)
                        .putMetadata(WireNames.INFO_DECISION_ID, "decision-of-the-peer")
                        .build()));
    if (retryAfter.isPositive()) {
      status.addDetails(
          Any.pack(
              RetryInfo.newBuilder()
                  .setRetryDelay(
                      com.google.protobuf.Duration.newBuilder()
                          .setSeconds(retryAfter.toSeconds())
                          .setNanos(retryAfter.toNanosPart()))
                  .build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  int port() {
    return server.getPort();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  /** Answers streams, and subscriptions, with {@code script}. */
  void streams(Consumer<StreamObserver<StreamResponse>> script) {
    streaming = script;
  }

  /** How many there ever were. */
  int connections() {
    return connections.get();
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdownNow();
  }

  static SslContext tls(IdentitySource identity) {
    return new JdkSslContext(
        identity.current().serverContext(rejected -> {}),
        false,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2),
        ClientAuth.REQUIRE,
        new String[] {"TLSv1.3"},
        false);
  }

  private final class Service extends A2AServiceGrpc.A2AServiceImplBase {
    private final Function<Received, TaskResult> script;

    Service(Function<Received, TaskResult> script) {
      this.script = script;
    }

    @Override
    public void sendStreamingMessage(
        SendMessageRequest request, StreamObserver<StreamResponse> answer) {
      streaming.accept(answer);
    }

    @Override
    public void subscribeToTask(
        SubscribeToTaskRequest request, StreamObserver<StreamResponse> answer) {
      streaming.accept(answer);
    }

    @Override
    public void sendMessage(
        SendMessageRequest request, StreamObserver<SendMessageResponse> answer) {
      var left = Context.current().getDeadline();
      Received arrived =
          new Received(
              request.getMessage().getMetadata().getFieldsOrThrow("capability").getStringValue(),
              Payload.ofJson(request.getMessage().getParts(0).getRaw().toByteArray()),
              HEADERS.get(),
              left == null
                  ? Duration.ofDays(1)
                  : Duration.ofNanos(left.timeRemaining(TimeUnit.NANOSECONDS)));
      received.add(arrived);
      try {
        answer.onNext(response(script.apply(arrived)));
        answer.onCompleted();
      } catch (StatusRuntimeException e) {
        answer.onError(e);
      }
    }
  }

  static SendMessageResponse response(TaskResult result) {
    List<io.agentweave.a2a.v1.Message> messages =
        WireResults.messages(result, "task", "context", "task", JsonForm.RAW);
    TaskStatus.Builder status =
        TaskStatus.newBuilder().setState(WireResults.state(result.status()));
    if (!messages.isEmpty()) {
      status.setMessage(messages.getLast());
    }
    return SendMessageResponse.newBuilder()
        .setTask(Task.newBuilder().setId("task").setContextId("context").setStatus(status))
        .build();
  }

  private static final class KeepHeaders implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return Contexts.interceptCall(
          Context.current().withValue(HEADERS, headers), call, headers, next);
    }
  }

  private final class CountConnections extends ServerTransportFilter {
    @Override
    public Attributes transportReady(Attributes attributes) {
      connections.incrementAndGet();
      return attributes;
    }
  }
}
