package io.agentweave.authz;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** The one word for each way in which no whole answer came. */
final class OpaFault {
  static final String INTERRUPTED = "interrupted";

  private OpaFault() {}

  static String word(IOException e) {
    if (e instanceof OpaExchange.NotAsked none) {
      return none.word();
    }
    // A socket ends the wait of an interrupted thread with whatever exception it likes.
    if (Thread.currentThread().isInterrupted()) {
      return INTERRUPTED;
    }
    return switch (e) {
      case OpaExchange.Truncated t -> "truncated";
      case InterruptedIOException t -> "timeout";
      case ConnectException c -> "refused";
      case NoRouteToHostException n -> "refused";
      case UnknownHostException u -> "unknown_host";
      case SSLException s -> "tls";
      case SocketException s -> "reset";
      case EOFException f -> "reset";
      default -> e.getCause() instanceof EOFException ? "reset" : "io";
    };
  }

  /** Whether OPA is to blame: not for what was never asked or not waited for. */
  static boolean ofOpa(IOException e) {
    return !(e instanceof OpaExchange.NotAsked) && !word(e).equals(INTERRUPTED);
  }

  static String detail(IOException e) {
    return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
  }
}
