package io.agentweave.server;

import io.agentweave.a2a.v1.A2AServiceGrpc;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A proven peer that speaks HTTP/2 frame by frame, whatever the protocol says (RFC 9113). */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  final AtomicInteger acks = new AtomicInteger();
  final AtomicInteger resets = new AtomicInteger();
  final AtomicInteger answers = new AtomicInteger();
  private final SSLSocket socket;
  private final OutputStream out;
  private final CountDownLatch ended = new CountDownLatch(1);
  private int nextStream = 1;

  private RawHttp2(SSLSocket socket, byte[] settings) throws IOException {
    this.socket = socket;
    this.out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
    out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, settings);
    out.flush();
    Thread.ofVirtual().start(this::read);
  }

  static RawHttp2 connect(ServedScene scene, SSLContext peer, byte... settings) throws IOException {
    return new RawHttp2(tls(scene, peer, "h2"), settings);
  }

  static SSLSocket tls(ServedScene scene, SSLContext peer, String protocol) throws IOException {
    return tls(new Socket("127.0.0.1", scene.server.port()), peer, protocol);
  }

  static SSLSocket tls(Socket plain, SSLContext peer, String protocol) throws IOException {
    SSLSocket socket =
        (SSLSocket) peer.getSocketFactory().createSocket(plain, "127.0.0.1", plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** One setting. */
  static byte[] setting(int id, int value) {
    return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
  }

  static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  synchronized void frame(int type, int flags, int stream, byte... payload) throws IOException {
    head(payload.length, type, flags, stream);
    out.write(payload);
  }

  /** A frame's head alone, that promises a payload. */
  synchronized void head(int length, int type, int flags, int stream) throws IOException {
    out.write(
        ByteBuffer.allocate(9)
            .putShort((short) (length >> 8))
            .put((byte) length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .array());
  }

  synchronized void bytes(byte... bytes) throws IOException {
    out.write(bytes);
  }

  synchronized void flush() throws IOException {
    out.flush();
  }

  /** Opens a stream with the headers of a call. */
  int open(String method, int flags) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    frame(HEADERS, flags, stream, headersOf(method));
    return stream;
  }

  /** A whole call of {@code capability}. */
  synchronized int send(String capability, String json) throws IOException {
    int stream = open("SendMessage", END_HEADERS);
    byte[] message = ServedScene.send(capability, json).toByteArray();
    byte[] body =
        ByteBuffer.allocate(5 + message.length)
            .put((byte) 0)
            .putInt(message.length)
            .put(message)
            .array();
    for (int at = 0; at < body.length; at += 16_384) {
      int length = Math.min(16_384, body.length - at);
      head(length, DATA, at + length == body.length ? END_STREAM : 0, stream);
      out.write(body, at, length);
    }
    return stream;
  }

  /** HPACK without compression (RFC 7541, 6.2.2). */
  static byte[] headersOf(String method) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x83); // :method POST
    block.write(0x87); // :scheme https
    block.write(0x04); // :path
    string(block, "/" + A2AServiceGrpc.SERVICE_NAME + "/" + method);
    block.write(0x01); // :authority
    string(block, "agent");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    header(block, "a2a-version", "1.0");
    return block.toByteArray();
  }

  static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    string(block, name);
    string(block, value);
  }

  private static void string(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int left = bytes.length - 127;
      for (; left >= 128; left >>= 7) {
        block.write(left & 127 | 128);
      }
      block.write(left);
    }
    block.writeBytes(bytes);
  }

  private void read() {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.readInt();
        byte[] payload = in.readNBytes(length);
        switch (type) {
          case HEADERS -> answers.incrementAndGet();
          case RST_STREAM -> resets.incrementAndGet();
          case SETTINGS -> acks.addAndGet(flags & 1);
          case PING -> ping(flags, payload);
          default -> {}
        }
      }
    } catch (IOException e) {
      ended.countDown();
    }
  }

  /** Answers as a live peer does, so that it is not taken for a dead one. */
  private synchronized void ping(int flags, byte[] payload) throws IOException {
    acks.addAndGet(flags & 1);
    if ((flags & 1) == 0) {
      frame(PING, 1, 0, payload);
      flush();
    }
  }

  /** Whether the server has ended the connection. */
  boolean ended() {
    return ended.getCount() == 0;
  }

  boolean awaitEnd() throws InterruptedException {
    return ended.await(120, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }
}
