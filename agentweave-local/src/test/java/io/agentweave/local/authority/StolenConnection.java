package io.agentweave.local.authority;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Programs that connect to a Workload API, and use that connection from somewhere else than where
 * it was made. Each runs in a process of its own.
 */
@SuppressWarnings("restricted")
final class StolenConnection {
  private StolenConnection() {}

  /** How the connection gets to whoever uses it. */
  enum Way {
    /** A child process has it as its standard input. */
    INHERITED,
    /** It is sent to a process that is no relative (unix(7), SCM_RIGHTS). */
    SENT,
    /** The process that made it becomes another program (execve(2)). */
    EXEC
  }

  /**
   * Connects to {@code args[1]} and hands the connection on. Whoever has it then opens {@code
   * args[2]}: what is said there is said to the Workload API.
   */
  public static void main(String[] args) throws Throwable {
    Epoll.ensureAvailability();
    Socket connection = Socket.newSocketDomain();
    while (!connection.connect(new DomainSocketAddress(args[1]))) {
      connection.finishConnect();
    }
    List<String> relay = java(Relay.class, args[2]);
    switch (Way.valueOf(args[0])) {
      case INHERITED -> {
        becomeStandardInput(connection.intValue());
        new ProcessBuilder(relay).inheritIO().start();
      }
      case SENT -> {
        Path meeting = Path.of(args[2] + ".thief");
        new ProcessBuilder(java(Thief.class, meeting.toString(), args[2]))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
        Socket thief = Socket.newSocketDomain();
        while (!Files.exists(meeting)) {
          Thread.sleep(10);
        }
        thief.connect(new DomainSocketAddress(meeting.toString()));
        thief.sendFd(connection.intValue());
      }
      case EXEC -> {
        System.out.println("connected");
        // Until the test has seen what this program gets.
        new ProcessBuilder("sh", "-c", "read line").inheritIO().start().waitFor();
        becomeStandardInput(connection.intValue());
        exec(relay);
      }
    }
    Thread.sleep(Long.MAX_VALUE);
  }

  /** A command that runs {@code program} as this process's own class path has it. */
  static List<String> java(Class<?> program, String... args) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(args));
    return command;
  }

  /** Takes a connection from a stranger, and uses it. */
  static final class Thief {
    private Thief() {}

    public static void main(String[] args) throws Throwable {
      Epoll.ensureAvailability();
      Socket meeting = Socket.newSocketDomain();
      meeting.bind(new DomainSocketAddress(args[0] + ".new"));
      meeting.listen(1);
      Files.move(Path.of(args[0] + ".new"), Path.of(args[0]));
      int accepted = -1;
      for (byte[] address = new byte[26]; accepted < 0; accepted = meeting.accept(address)) {
        Thread.sleep(10);
      }
      Socket stranger = new Socket(accepted);
      int stolen = -1;
      for (; stolen < 0; stolen = stranger.recvFd()) {
        Thread.sleep(10);
      }
      becomeStandardInput(stolen);
      Relay.main(new String[] {args[1]});
    }
  }

  /** Passes on what is said at a door of its own over the connection that is its input. */
  static final class Relay {
    private Relay() {}

    public static void main(String[] args) throws Exception {
      SocketChannel stolen = (SocketChannel) Objects.requireNonNull(System.inheritedChannel());
      try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        door.bind(UnixDomainSocketAddress.of(args[0]));
        System.out.println("open " + ProcessHandle.current().pid());
        SocketChannel caller = door.accept();
        Thread.ofPlatform().daemon().start(() -> pump(caller, stolen));
        pump(stolen, caller);
      }
      System.exit(0);
    }

    private static void pump(SocketChannel from, SocketChannel to) {
      ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
      try (from;
          to) {
        while (from.read(bytes) >= 0) {
          bytes.flip();
          while (bytes.hasRemaining()) {
            to.write(bytes);
          }
          bytes.clear();
        }
      } catch (IOException gone) {
        // Then there is nobody to pass anything on to.
      }
    }
  }

  private static void becomeStandardInput(int descriptor) throws Throwable {
    int ignored =
        (int) libc("dup2", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT).invokeExact(descriptor, 0);
  }

  private static void exec(List<String> command) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = arena.allocate(ValueLayout.ADDRESS, command.size() + 1);
      for (int i = 0; i < command.size(); i++) {
        words.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command.get(i)));
      }
      int failed =
          (int)
              libc("execv", ValueLayout.ADDRESS, ValueLayout.ADDRESS)
                  .invokeExact(arena.allocateFrom(command.getFirst()), words);
      throw new IllegalStateException("execv " + failed);
    }
  }

  private static MethodHandle libc(String name, java.lang.foreign.MemoryLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }
}
