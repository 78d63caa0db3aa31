package io.agentweave.authz;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** The one word for each way in which no whole answer came. */
final class OpaFault {
  static final String INTERRUPTED = "interrupted";
  static final String CLOSED = "closed";

  private OpaFault() {}

  static String word(IOException e) {
    return switch (e) {
      case OpaExchange.Truncated t -> "truncated";
      case OpaExchange.Closed c -> CLOSED;
      case SocketTimeoutException t -> "timeout";
      case InterruptedIOException i ->
          Thread.currentThread().isInterrupted() ? INTERRUPTED : "timeout";
      case ConnectException c -> "refused";
      case NoRouteToHostException n -> "refused";
      case UnknownHostException u -> "unknown_host";
      case SSLException s -> "tls";
      case SocketException s -> "reset";
      case EOFException f -> "reset";
      default -> e.getCause() instanceof EOFException ? "reset" : "io";
    };
  }

  static String detail(IOException e) {
    return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
  }
}
