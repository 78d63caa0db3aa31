package io.agentweave.local.trace;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Refuses calls from processes of other users of this machine. Who is at the other end of a
 * loopback connection is in the kernel's table of sockets; where there is none to read (macOS),
 * everybody is let in.
 */
final class OwnUserOnly extends ServerTransportFilter implements ServerInterceptor {
  private static final Attributes.Key<Boolean> ADMITTED = Attributes.Key.create("own-user");

  /** The JDK's sockets are in the second, whatever they are connected to. */
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  private static final String ESTABLISHED = "01";

  private final int uid;

  OwnUserOnly(int uid) {
    this.uid = uid;
  }

  /** The user that this process runs as; 0 where the system does not say it, and nobody asks. */
  static int ownUid() throws IOException {
    Path self = Path.of("/proc/self");
    return Files.exists(self) ? (int) Files.getAttribute(self, "unix:uid") : 0;
  }

  @Override
  public Attributes transportReady(Attributes transport) {
    return transport.toBuilder().set(ADMITTED, admitted(transport)).build();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (Boolean.TRUE.equals(call.getAttributes().get(ADMITTED))) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.PERMISSION_DENIED.withDescription("only for the user who started the mesh"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private boolean admitted(Attributes transport) {
    SocketAddress peer = transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    SocketAddress own = transport.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR);
    if (TABLES.stream().noneMatch(Files::exists)) {
      return true;
    }
    if (!(peer instanceof InetSocketAddress from) || !(own instanceof InetSocketAddress to)) {
      return false;
    }
    for (Path table : TABLES) {
      try {
        OptionalInt found = uidOf(Files.readAllLines(table), from, to);
        if (found.isPresent()) {
          return found.getAsInt() == uid;
        }
      } catch (IOException absent) {
        // A machine without IPv6 has one table only.
      }
    }
    return false;
  }

  /**
   * Whose the connection is, by the lines of {@code /proc/net/tcp} (proc(5)). One that is closed
   * already belongs to nobody.
   */
  static OptionalInt uidOf(List<String> table, InetSocketAddress from, InetSocketAddress to) {
    String local = hex(from);
    String remote = hex(to);
    for (String line : table) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length > 7
          && fields[1].endsWith(local)
          && fields[2].endsWith(remote)
          && fields[3].equals(ESTABLISHED)) {
        return OptionalInt.of(Integer.parseInt(fields[7]));
      }
    }
    return OptionalInt.empty();
  }

  /** As the table has it on the machines that the JDK runs on: the address little-endian. */
  private static String hex(InetSocketAddress address) {
    if (!(address.getAddress() instanceof Inet4Address four)) {
      return "no IPv4";
    }
    byte[] bytes = four.getAddress();
    return String.format(
        Locale.ROOT,
        "%02X%02X%02X%02X:%04X",
        bytes[3],
        bytes[2],
        bytes[1],
        bytes[0],
        address.getPort());
  }
}
