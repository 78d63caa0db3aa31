import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Part;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;

/** Who calls an agent: a folder with svid.pem, key.pem and bundle.pem, and the agent's address. */
record Peer(String host, int port, Path folder) {
  static Peer of(String address, String folder) {
    int colon = address.indexOf(':');
    return new Peer(
        address.substring(0, colon),
        Integer.parseInt(address.substring(colon + 1)),
        Path.of(folder));
  }

  SslContext tls() throws IOException {
    return GrpcSslContexts.forClient()
        .trustManager(folder.resolve("bundle.pem").toFile())
        .keyManager(folder.resolve("svid.pem").toFile(), folder.resolve("key.pem").toFile())
        .build();
  }

  A2AServiceGrpc.A2AServiceBlockingStub stub() throws IOException {
    ManagedChannel channel = NettyChannelBuilder.forAddress(host, port).sslContext(tls()).build();
    return A2AServiceGrpc.newBlockingStub(
        ClientInterceptors.intercept(channel, header("a2a-version", "1.0")));
  }

  static ClientInterceptor header(String name, String value) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }

  static SendMessageRequest text(String text) {
    return of(Part.newBuilder().setText(text).build());
  }

  static SendMessageRequest json(String json) {
    return of(
        Part.newBuilder()
            .setRaw(com.google.protobuf.ByteString.copyFromUtf8(json))
            .setMediaType("application/json")
            .build());
  }

  private static SendMessageRequest of(Part part) {
    return SendMessageRequest.newBuilder()
        .setMessage(
            Message.newBuilder()
                .setMessageId("tck-complete-task-1")
                .setRole(Role.ROLE_USER)
                .addParts(part))
        .build();
  }
}
