package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.a2a.v1.A2AServiceGrpc.A2AServiceBlockingStub;
import io.agentweave.call.Payload;
import io.grpc.CallOptions;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands before the chain: handshakes, sizes, protocols, floods. */
class FrontDoorTest {
  private final ServedScene scene =
      new ServedScene().allow(ServedScene.INGESTER, "echo", "card.read");

  @AfterEach
  void close() {
    scene.close();
  }

  private SSLSocket socket(SSLContext context, String... protocols) throws IOException {
    Socket plain = new Socket("127.0.0.1", scene.server.port());
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private String http(SSLContext peer, String request) throws IOException {
    try (SSLSocket socket = socket(peer, "http/1.1")) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private SSLContext ingester() {
    return Peers.registered(scene, ServedScene.INGESTER);
  }

  @Test
  void peerWithoutCertificate_isShutOut_countedAndWrittenDown() {
    ManagedChannel channel = scene.channel(Peers.withoutCertificate(scene));
    assertThat(Peers.send(channel, "echo")).isEqualTo("UNAVAILABLE");

    await()
        .untilAsserted(
            () ->
                assertThat(scene.audit.noticed())
                    .anySatisfy(
                        noticed -> assertThat(noticed.detail()).startsWith("no_certificate")));
    assertThat(scene.metrics())
        .contains(
            "agentweave_handshakes_refused_total{direction=\"inbound\",rule=\"no_certificate\"}");
    assertThat(scene.audit.ended()).isEmpty();
  }

  @Test
  void peerOfAnUnknownAuthority_isShutOut_byItsRule() {
    assertThat(Peers.send(scene.channel(Peers.ofOtherDomain(scene)), "echo"))
        .isEqualTo("UNAVAILABLE");
    await()
        .untilAsserted(
            () ->
                assertThat(scene.audit.noticed())
                    .anySatisfy(
                        noticed -> assertThat(noticed.detail()).startsWith("trust_domain")));
  }

  @Test
  void floodOfRejectedHandshakes_isCountedInFull_andWrittenInPart() {
    HandshakeNotices notices = new HandshakeNotices(scene.audit, scene.telemetry);
    for (int i = 0; i < 10_000; i++) {
      notices.rejected("expired", "knock");
    }
    assertThat(scene.metrics()).contains("rule=\"expired\"} 10000.0");
    await().until(() -> !scene.audit.noticed().isEmpty());
    assertThat(scene.audit.noticed()).hasSizeLessThan(200);
  }

  @Test
  void plainText_getsNothing() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", scene.server.port())) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      // At most a TLS alert record (type 21).
      assertThat(answer.length == 0 || answer[0] == 21).isTrue();
    } catch (IOException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }

  @Test
  void peerWithoutAlpn_isShutOut() throws IOException {
    try (SSLSocket socket = socket(ingester())) {
      socket.startHandshake();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    await()
        .untilAsserted(
            () ->
                assertThat(scene.audit.noticed())
                    .anySatisfy(noticed -> assertThat(noticed.detail()).startsWith("alpn")));
  }

  @Test
  void tls12_isShutOut() throws IOException {
    try (SSLSocket socket = socket(Peers.withoutCertificate(scene), "h2")) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
    }
  }

  @Test
  void card_isServedOverHttps_toWhoMayReadIt() throws IOException {
    String answer =
        http(ingester(), "GET /.well-known/agent-card.json HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .contains("application/json")
        .contains("\"protocolBinding\":\"GRPC\"")
        .contains("\"pushNotifications\":false")
        .contains("mtlsSecurityScheme")
        .contains("cache-control: private, no-cache, max-age=0");
    assertThat(scene.audit.ended().getFirst().subject().action()).isEqualTo("card.read");

    assertThat(
            http(
                Peers.registered(scene, ServedScene.STRANGER),
                "GET /.well-known/agent-card.json HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 403")
        .doesNotContain("skills");
    assertThat(scene.audit.decided()).hasSize(2);
  }

  @Test
  void cardThatTheCallerHas_isNotSentAgain_andTheQuestionIsDecidedAnew() throws IOException {
    String ask = "GET /.well-known/agent-card.json HTTP/1.1\r\nHost: x\r\n";
    String tag = http(ingester(), ask + "\r\n").replaceAll("(?s).*etag: ([^\r]+).*", "$1");
    String known = ask + "If-None-Match: " + tag + "\r\n\r\n";

    assertThat(http(ingester(), known))
        .startsWith("HTTP/1.1 304")
        .doesNotContain("skills", "content-length");
    assertThat(http(Peers.registered(scene, ServedScene.STRANGER), known))
        .startsWith("HTTP/1.1 403")
        .contains("cache-control: no-store");
    assertThat(scene.audit.decided()).hasSize(3);
  }

  @Test
  void anythingElseOverHttps_isNotFound_orNotAllowed_andAudited() throws IOException {
    assertThat(http(ingester(), "GET /etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 404");
    assertThat(
            http(
                ingester(),
                "POST /.well-known/agent-card.json HTTP/1.1\r\n"
                    + "Host: x\r\n"
                    + "Content-Length: 0\r\n\r\n"))
        .startsWith("HTTP/1.1 405")
        .contains("allow: GET");
    assertThat(http(ingester(), "NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 404");
    assertThat(scene.audit.ended()).hasSize(3);
  }

  @Test
  void oversizedPayload_isRefusedByName() {
    String json = "{\"a\":\"" + "x".repeat(64 * 1024) + "\"}";
    Refused refused =
        Refused.by(
            () -> scene.as(ServedScene.INGESTER).sendMessage(ServedScene.send("echo", json)));
    assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.status().getMessage()).contains("at most 65536 bytes");
    assertThat(scene.capabilities.runs).hasValue(0);
  }

  @Test
  void tenMebibytes_areCutOff_withTheLimitNamed_andWrittenDown() {
    String json = "{\"a\":\"" + "x".repeat(10 << 20) + "\"}";
    A2AServiceBlockingStub caller = scene.as(ServedScene.INGESTER);
    Refused refused = Refused.by(() -> caller.sendMessage(ServedScene.send("echo", json)));
    assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.status().getMessage()).contains("" + (64 * 1024 + 16 * 1024));
    await()
        .untilAsserted(
            () ->
                assertThat(scene.audit.ended())
                    .singleElement()
                    .satisfies(ended -> assertThat(ended.outcome()).isEqualTo("invalid")));
  }

  @Test
  void compressedBomb_isCutOff() {
    String json = "{\"a\":\"" + "x".repeat(10 << 20) + "\"}";
    Refused refused =
        Refused.by(
            () ->
                scene
                    .as(ServedScene.INGESTER)
                    .withCompression("gzip")
                    .sendMessage(ServedScene.send("echo", json)));
    assertThat(refused.reason()).isEqualTo("INVALID");
    assertThat(scene.capabilities.runs).hasValue(0);
  }

  @Test
  void bytesThatAreNoMessage_areInvalid() {
    Refused refused =
        Refused.by(() -> raw(scene.channel(ingester()), new byte[] {(byte) 0xff, 1, 2, 3}));
    assertThat(refused.reason()).isEqualTo("INVALID");
    assertThat(scene.audit.ended()).hasSize(1);
  }

  private static void raw(ManagedChannel channel, byte[] message) {
    Metadata version = new Metadata();
    version.put(ServedScene.VERSION, "1.0");
    MethodDescriptor<Payload, Payload> method =
        MethodDescriptor.<Payload, Payload>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("lf.a2a.v1.A2AService/SendMessage")
            .setRequestMarshaller(AsTheyAre.BYTES)
            .setResponseMarshaller(AsTheyAre.BYTES)
            .build();
    var _ =
        ClientCalls.blockingUnaryCall(
            io.grpc.ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(version)),
            method,
            CallOptions.DEFAULT,
            Payload.ofJson(message));
  }

  private enum AsTheyAre implements MethodDescriptor.Marshaller<Payload> {
    BYTES;

    @Override
    public InputStream stream(Payload value) {
      return new ByteArrayInputStream(value.bytes());
    }

    @Override
    public Payload parse(InputStream stream) {
      return Payload.empty();
    }
  }

  @Test
  void hugeMetadata_isRefused() {
    Metadata huge = new Metadata();
    huge.put(Metadata.Key.of("x-noise", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(64 * 1024));
    assertThatThrownBy(
            () ->
                scene
                    .as(ServedScene.INGESTER)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(huge))
                    .sendMessage(ServedScene.send("echo")))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(scene.capabilities.runs).hasValue(0);
    scene.as(ServedScene.INGESTER).sendMessage(ServedScene.send("echo"));
  }

  @Test
  void handshakeFlood_makesRoomByDroppingTheOldest() throws IOException {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        silent.add(new Socket("127.0.0.1", scene.server.port()));
      }
      scene.as(ServedScene.INGESTER).sendMessage(ServedScene.send("echo"));
      awaitFloodSeen();
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void handshakeFloodOfOneAddress_leavesTheHandshakesOfOthers() {
    await().ignoreExceptionsInstanceOf(IOException.class).until(this::slowKnockOutlivesAFlood);
  }

  /** The kernel connects a flood long before the agent accepts it. */
  private void awaitFloodSeen() {
    await().until(() -> scene.metrics().contains("rule=\"handshake_flood\""));
  }

  /** The oldest handshake of all, at another address than the flood's. */
  private boolean slowKnockOutlivesAFlood() throws IOException {
    List<Socket> flood = new ArrayList<>();
    try (Socket slow = new Socket("127.0.0.1", scene.server.port())) {
      for (int i = 0; i < 400; i++) {
        flood.add(
            new Socket("127.0.0.1", scene.server.port(), InetAddress.getByName("127.0.0.2"), 0));
      }
      awaitFloodSeen();
      return RawHttp2.tls(slow, ingester(), "http/1.1").isConnected();
    } finally {
      for (Socket socket : flood) {
        socket.close();
      }
    }
  }

  @Test
  void traceOfTheCaller_goesOn_andItsRequestIdIsNotOurs() {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    Metadata.Key<String> state = Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);
    headers.put(state, "rojo=1");
    headers.put(state, "congo=2");
    headers.put(
        Metadata.Key.of("agentweave-request-id", Metadata.ASCII_STRING_MARSHALLER), "forged");
    scene
        .as(ServedScene.INGESTER)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .sendMessage(ServedScene.send("echo"));

    var subject = scene.audit.ended().getFirst().subject();
    assertThat(subject.requestId()).isNotEqualTo("forged");
    assertThat(subject.trace()).isNotNull();
    assertThat(subject.trace().traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(subject.trace().state()).isEqualTo("rojo=1,congo=2");
  }

  @Test
  void unknownCompression_isWrittenDownAllTheSame() {
    CompressorRegistry rot13 = CompressorRegistry.newEmptyInstance();
    rot13.register(new Rot13());
    ManagedChannel channel =
        scene.channel(ingester(), builder -> builder.compressorRegistry(rot13));
    assertThatThrownBy(
            () ->
                ServedScene.stub(channel)
                    .withCompression("rot13")
                    .sendMessage(ServedScene.send("echo")))
        .isInstanceOf(StatusRuntimeException.class);
    await()
        .untilAsserted(
            () ->
                assertThat(scene.audit.ended())
                    .singleElement()
                    .satisfies(ended -> assertThat(ended.detail()).contains("decompressor")));
    assertThat(scene.capabilities.runs).hasValue(0);
  }

  private static final class Rot13 implements Compressor {
    @Override
    public String getMessageEncoding() {
      return "rot13";
    }

    @Override
    public OutputStream compress(OutputStream stream) {
      return stream;
    }
  }

  @Test
  void takenPort_isNamed() {
    assertThatThrownBy(() -> scene.another(scene.server.port()))
        .hasMessageContaining("server.port")
        .hasMessageContaining("" + scene.server.port());
  }
}
