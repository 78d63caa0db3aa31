package io.agentweave.bench.call;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Unary calls over gRPC Java as it comes, with nothing around them. */
final class RawGrpc {
  private static final MethodDescriptor<BytesValue, BytesValue> METHOD =
      MethodDescriptor.<BytesValue, BytesValue>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("bench.Raw/Call")
          .setRequestMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(BytesValue.getDefaultInstance()))
          .build();
  private static final BytesValue ANSWER = BytesValue.of(ByteString.copyFrom(Sample.ANSWER));

  private RawGrpc() {}

  /** Listens on a free port of the loopback interface. */
  static Server serve(Variant variant, PemFolder pem) throws IOException {
    ServerCredentials credentials =
        variant == Variant.RAW_PLAINTEXT
            ? InsecureServerCredentials.create()
            : TlsServerCredentials.newBuilder()
                .keyManager(pem.certificate("server").toFile(), pem.key("server").toFile())
                .trustManager(pem.bundle().toFile())
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                .build();
    ServerBuilder<?> builder = Grpc.newServerBuilderForPort(0, credentials);
    switch (variant) {
      case RAW_DIRECT -> builder.directExecutor();
      case RAW_DEFAULT -> {}
      default -> builder.executor(virtualThreads());
    }
    io.grpc.Server server =
        builder
            .addService(variant == Variant.RAW_A2A ? RawA2a.service().bindService() : service())
            .build()
            .start();
    return new Server() {
      @Override
      public int port() {
        return server.getPort();
      }

      @Override
      public void close() {
        server.shutdownNow();
      }
    };
  }

  private static ServerServiceDefinition service() {
    return ServerServiceDefinition.builder("bench.Raw")
        .addMethod(
            METHOD,
            ServerCalls.asyncUnaryCall(
                (request, observer) -> {
                  if (request.getValue().size() != Sample.PAYLOAD_BYTES) {
                    throw new IllegalArgumentException("not the payload");
                  }
                  observer.onNext(ANSWER);
                  observer.onCompleted();
                }))
        .build();
  }

  static Caller caller(Variant variant, PemFolder pem, int port) throws IOException {
    ChannelCredentials credentials =
        variant == Variant.RAW_PLAINTEXT
            ? InsecureChannelCredentials.create()
            : TlsChannelCredentials.newBuilder()
                .keyManager(pem.certificate("client").toFile(), pem.key("client").toFile())
                .trustManager(pem.bundle().toFile())
                .build();
    ManagedChannelBuilder<?> builder = Grpc.newChannelBuilder("localhost:" + port, credentials);
    switch (variant) {
      case RAW_DIRECT -> builder.directExecutor();
      case RAW_DEFAULT -> {}
      default -> builder.executor(virtualThreads());
    }
    ManagedChannel channel = builder.build();
    Runnable once = variant == Variant.RAW_A2A ? RawA2a.call(channel) : call(channel);
    return new Caller() {
      @Override
      public void call() {
        once.run();
      }

      @Override
      public void close() {
        channel.shutdownNow();
      }
    };
  }

  private static Runnable call(ManagedChannel channel) {
    BytesValue request = BytesValue.of(ByteString.copyFrom(Sample.payload()));
    return () -> {
      BytesValue answer =
          ClientCalls.blockingUnaryCall(
              channel,
              METHOD,
              CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
              request);
      if (!Arrays.equals(answer.getValue().toByteArray(), Sample.ANSWER)) {
        throw new IllegalStateException("not the answer");
      }
    };
  }

  private static Executor virtualThreads() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }

  /** The same SVIDs as everybody's, as files, which is what plain gRPC wants. */
  record PemFolder(Path folder) {
    Path certificate(String who) {
      return folder.resolve(who + ".pem");
    }

    Path key(String who) {
      return folder.resolve(who + ".key");
    }

    Path bundle() {
      return folder.resolve("bundle.pem");
    }
  }
}
