package io.agentweave.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.function.Supplier;
import jdk.net.ExtendedSocketOptions;

/**
 * Where a mesh takes commands of its user: one line in, one line out, on a Unix socket that only
 * the user may open. The kernel's word on who asks is checked besides.
 */
final class MeshControl implements AutoCloseable {
  static final String STATUS = "status";
  static final String STOP = "stop";

  private static final int LONGEST_COMMAND = 1024;
  private static final int LONGEST_ANSWER = 4 << 20;

  private final Path socket;
  private final ServerSocketChannel server;
  private final Supplier<String> status;
  private final Runnable stop;
  private final Object owner;

  private MeshControl(
      Path socket,
      ServerSocketChannel server,
      Supplier<String> status,
      Runnable stop,
      Object owner) {
    this.socket = socket;
    this.server = server;
    this.status = status;
    this.stop = stop;
    this.owner = owner;
  }

  /**
   * Starts listening.
   *
   * @param status the answer to {@value #STATUS}, one line
   * @param stop begins to stop the mesh; must not block
   */
  static MeshControl start(Path socket, Supplier<String> status, Runnable stop) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      MeshControl control =
          new MeshControl(socket, server, status, stop, Files.getOwner(socket).getName());
      Thread.ofPlatform().daemon().name("mesh-control").start(control::accept);
      return control;
    } catch (IOException failed) {
      server.close();
      throw failed;
    }
  }

  /**
   * Asks the mesh behind {@code socket}.
   *
   * @throws IOException when nobody answers
   */
  static String ask(Path socket, String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      write(channel, command);
      String answer = readLine(channel, LONGEST_ANSWER);
      if (answer.isEmpty()) {
        throw new IOException("no answer on " + socket);
      }
      return answer;
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(socket);
    } catch (IOException leftBehind) {
      // The next mesh removes it.
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel caller = server.accept();
        Thread.ofVirtual().name("mesh-control-call").start(() -> serve(caller));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(SocketChannel caller) {
    try (caller) {
      String user = caller.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
      if (!Objects.equals(user, owner)) {
        return;
      }
      switch (readLine(caller, LONGEST_COMMAND)) {
        case STATUS -> write(caller, status.get());
        case STOP -> {
          write(caller, "stopping");
          stop.run();
        }
        default -> write(caller, "unknown command");
      }
    } catch (IOException gone) {
      // The caller went away; there is nobody to tell.
    }
  }

  private static void write(SocketChannel channel, String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static String readLine(SocketChannel channel, int longest) throws IOException {
    var in = Channels.newInputStream(channel);
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (line.size() == longest) {
        throw new IOException("a line longer than " + longest + " bytes");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
