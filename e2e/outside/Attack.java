import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Part;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.TaskState;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;

/**
 * What an attack costs others: calls of a well-behaved peer beside each attack on an agent, and the
 * agent's memory. Arguments: HOST:PORT GOOD BAD PID, the peers as folders with svid.pem, key.pem
 * and bundle.pem. No call of the well-behaved peer may fail, and memory may not pass 1.5 of the
 * quiet value; times are told, and fail only where nothing but a held-up agent explains them.
 */
final class Attack {
  private static final long EACH_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final double MOST_MEMORY = 1.5;
  private static final double HELD_UP_MILLIS = 1000;

  private static String host;
  private static int port;
  private static Path bad;

  interface Wave {
    void roll() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    host = args[0].substring(0, args[0].indexOf(':'));
    port = Integer.parseInt(args[0].substring(args[0].indexOf(':') + 1));
    bad = Path.of(args[2]);
    long pid = Long.parseLong(args[3]);
    A2AServiceGrpc.A2AServiceBlockingStub good = stub(Path.of(args[1]));
    A2AServiceGrpc.A2AServiceBlockingStub greedy = stub(bad);
    call(good, 3000);
    beside(good, "warming", pid, () -> fails(() -> greedy.sendMessage(send("x".repeat(60_000)))));
    double[] quiet = millis(good, 2000);
    long memory = memory(pid);
    System.out.printf(
        "passed: quiet: p50 %.1f ms, p99 %.1f ms, %d MiB%n",
        at(quiet, 50), at(quiet, 99), memory >> 20);
    List<String> wrong = new ArrayList<>();
    List<Attempt> attempts =
        List.of(
            new Attempt("connections without a handshake", () -> sockets(new byte[0])),
            new Attempt(
                "handshakes that stop in the middle", () -> sockets(new byte[] {22, 3, 1, 2})),
            new Attempt(
                "rapid reset",
                () ->
                    frames(
                        (raw, n) -> {
                          raw.open(n);
                          raw.frame(3, 0, n, new byte[] {0, 0, 0, 8});
                        })),
            new Attempt("settings", () -> frames((raw, n) -> raw.frame(4, 0, 0, new byte[0]))),
            new Attempt(
                "continuations",
                () -> frames((raw, n) -> raw.frame(n == 1 ? 1 : 9, 0, 1, new byte[1000]))),
            new Attempt("streams that never end", () -> frames((raw, n) -> raw.open(n))),
            new Attempt(
                "messages that are too large",
                () -> fails(() -> greedy.sendMessage(send("x".repeat(8 << 20))))),
            new Attempt(
                "compressed messages that are too large",
                () ->
                    fails(
                        () ->
                            greedy
                                .withCompression("gzip")
                                .sendMessage(send("x".repeat(32 << 20))))),
            new Attempt(
                "deep JSON", () -> fails(() -> greedy.sendMessage(raw("[".repeat(100_000))))),
            new Attempt(
                "1 MiB of metadata",
                () ->
                    fails(
                        () ->
                            greedy
                                .withInterceptors(metadata("x-noise", "x".repeat(1 << 20)))
                                .sendMessage(send("x")))),
            new Attempt(
                "calls as fast as one peer can", () -> fails(() -> greedy.sendMessage(send("x")))));
    for (Attempt attempt : attempts) {
      Seen seen = beside(good, attempt.name, pid, attempt.wave);
      double p99 = at(seen.millis, 99);
      double ratio = p99 / at(quiet, 99);
      String said =
          "beside %s: %d calls, %d failed, p99 %.1f ms (%.1f times the quiet one), %d MiB (%.2f)"
              .formatted(
                  attempt.name,
                  seen.millis.length,
                  seen.failed,
                  p99,
                  ratio,
                  seen.memory >> 20,
                  (double) seen.memory / memory);
      boolean fine =
          seen.failed == 0
              && seen.memory <= MOST_MEMORY * memory
              && (ratio <= 3 || p99 <= HELD_UP_MILLIS);
      System.out.println((fine ? "passed: " : "FAILED: ") + said);
      if (!fine) {
        wrong.add(attempt.name);
      }
    }
    call(good, 100);
    System.exit(wrong.isEmpty() ? 0 : 1);
  }

  record Attempt(String name, Wave wave) {}

  record Seen(double[] millis, int failed, long memory) {}

  private static Seen beside(
      A2AServiceGrpc.A2AServiceBlockingStub good, String name, long pid, Wave wave)
      throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Thread attacker =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(
                () -> {
                  while (!over.get()) {
                    try {
                      wave.roll();
                    } catch (Exception e) {
                      // Cut off: the next wave.
                    }
                  }
                });
    List<Double> millis = new ArrayList<>();
    int failed = 0;
    long memory = 0;
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < EACH_NANOS || millis.size() < 200) {
      long before = System.nanoTime();
      try {
        one(good);
      } catch (StatusRuntimeException e) {
        failed++;
        System.out.println("refused beside " + name + ": " + e.getStatus());
      }
      millis.add((System.nanoTime() - before) / 1e6);
      if (millis.size() % 50 == 0) {
        memory = Math.max(memory, memory(pid));
      }
    }
    over.set(true);
    attacker.join(TimeUnit.SECONDS.toMillis(30));
    return new Seen(
        millis.stream().mapToDouble(Double::doubleValue).sorted().toArray(), failed, memory);
  }

  private static double at(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private static double[] millis(A2AServiceGrpc.A2AServiceBlockingStub good, int calls) {
    double[] millis = new double[calls];
    for (int i = 0; i < calls; i++) {
      long before = System.nanoTime();
      one(good);
      millis[i] = (System.nanoTime() - before) / 1e6;
    }
    Arrays.sort(millis);
    return millis;
  }

  private static void call(A2AServiceGrpc.A2AServiceBlockingStub good, int times) {
    for (int i = 0; i < times; i++) {
      one(good);
    }
  }

  private static void one(A2AServiceGrpc.A2AServiceBlockingStub good) {
    var state = good.sendMessage(send("hello")).getTask().getStatus().getState();
    if (state != TaskState.TASK_STATE_COMPLETED) {
      throw new IllegalStateException("the agent said " + state);
    }
  }

  private static void fails(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      // That is what it is for.
    }
  }

  private static SendMessageRequest send(String text) {
    return of(Part.newBuilder().setText(text).build());
  }

  private static SendMessageRequest raw(String json) {
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

  private static io.grpc.ClientInterceptor metadata(String name, String value) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }

  private static SslContext tls(Path peer) throws IOException {
    return GrpcSslContexts.forClient()
        .trustManager(peer.resolve("bundle.pem").toFile())
        .keyManager(peer.resolve("svid.pem").toFile(), peer.resolve("key.pem").toFile())
        .build();
  }

  private static A2AServiceGrpc.A2AServiceBlockingStub stub(Path peer) throws IOException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(host, port).sslContext(tls(peer)).build();
    return A2AServiceGrpc.newBlockingStub(
        ClientInterceptors.intercept(channel, metadata("a2a-version", "1.0")));
  }

  private static long memory(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IOException("no process " + pid);
  }

  private static void sockets(byte[] first) throws Exception {
    List<Socket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        Socket socket = new Socket(host, port);
        socket.getOutputStream().write(first);
        held.add(socket);
      }
      Thread.sleep(300);
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
  }

  interface Piece {
    void send(Raw raw, int n) throws IOException;
  }

  private static void frames(Piece piece) throws Exception {
    try (Raw raw = new Raw()) {
      for (int n = 1; n < 200_000; n += 2) {
        piece.send(raw, n);
      }
      raw.out.flush();
    }
  }

  /** HTTP/2 by hand. */
  static final class Raw implements AutoCloseable {
    private final SSLSocket socket;
    final OutputStream out;

    Raw() throws Exception {

      var context = ((io.netty.handler.ssl.JdkSslContext) tls(bad)).context();
      Socket plain = new Socket(host, port);
      socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true);
      var parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3"});
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(1);
      socket.startHandshake();
      out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      frame(4, 0, 0, new byte[0]);
      Thread.ofVirtual().start(this::drain);
    }

    private void drain() {
      byte[] buffer = new byte[16 * 1024];
      while (!socket.isClosed()) {
        try {
          if (socket.getInputStream().read(buffer) < 0) {
            socket.close();
          }
        } catch (java.net.SocketTimeoutException e) {
          Thread.yield();
        } catch (IOException e) {
          return;
        }
      }
    }

    void frame(int type, int flags, int stream, byte[] payload) throws IOException {
      out.write(
          ByteBuffer.allocate(9)
              .putShort((short) (payload.length >> 8))
              .put((byte) payload.length)
              .put((byte) type)
              .put((byte) flags)
              .putInt(stream)
              .array());
      out.write(payload);
    }

    void open(int stream) throws IOException {
      byte[] path = "/lf.a2a.v1.A2AService/SendMessage".getBytes(StandardCharsets.US_ASCII);
      ByteBuffer block = ByteBuffer.allocate(200).put((byte) 0x83).put((byte) 0x87).put((byte) 4);
      block.put((byte) path.length).put(path);
      for (String[] header :
          new String[][] {
            {"content-type", "application/grpc"}, {"te", "trailers"}, {"a2a-version", "1.0"}
          }) {
        block.put((byte) 0);
        for (String text : header) {
          block.put((byte) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
        }
      }
      frame(1, 4, stream, Arrays.copyOf(block.array(), block.position()));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
