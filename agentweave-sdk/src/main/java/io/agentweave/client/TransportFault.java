package io.agentweave.client;

import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.grpc.Status;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in plain words what happened to a connection. */
final class TransportFault {
  private TransportFault() {}

  static Refusal of(Status status, Connected connected) {
    String where =
        "%s at %s".formatted(connected.outgoing().target(), connected.located().address());
    if (connected.attempt().sent()) {
      if (RefusedStream.saidBy(status, connected.attempt())) {
        connected.attempt().markRefusedUnread();
        return new Refusal.Unreachable(
            "%s took no more requests on this connection: %s".formatted(where, reason(status)));
      }
      return new Refusal.Unreachable(
          "the connection to %s broke before the answer came: %s".formatted(where, reason(status)));
    }
    Throwable cause = status.getCause();
    if (find(cause, UnknownHostException.class) != null) {
      return new Refusal.Unreachable(
          "%s: the name %s can't be resolved"
              .formatted(where, connected.located().address().host()));
    }
    ConnectException refused = find(cause, ConnectException.class);
    if (refused != null) {
      return new Refusal.Unreachable(
          "%s: %s"
              .formatted(
                  where, isTimeout(refused) ? "connecting timed out" : "connection refused"));
    }
    SSLException tls = find(cause, SSLException.class);
    if (tls != null) {
      return tls(where, tls);
    }
    return new Refusal.Unreachable("%s: %s".formatted(where, reason(status)));
  }

  /** An alert that arrives here says that the other side did not accept this agent's SVID. */
  private static Refusal tls(String where, SSLException tls) {
    String message = String.valueOf(tls.getMessage());
    if (message.contains("fatal alert")) {
      return new Refusal.RefusedByPeer(
          RefusalKind.UNAUTHENTICATED,
          "tls_alert",
          null,
          null,
          "%s does not accept this agent's SVID (%s)".formatted(where, message));
    }
    return new Refusal.Unreachable("%s: TLS: %s".formatted(where, message));
  }

  private static boolean isTimeout(ConnectException e) {
    return String.valueOf(e.getMessage()).contains("timed out");
  }

  private static String reason(Status status) {
    Throwable cause = status.getCause();
    String description = status.getDescription();
    String text =
        cause != null && cause.getMessage() != null
            ? cause.getMessage()
            : description == null ? status.getCode().name() : description;
    return text.lines().findFirst().orElse(text);
  }

  private static <T extends Throwable> @Nullable T find(@Nullable Throwable from, Class<T> type) {
    for (Throwable t = from; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return type.cast(t);
      }
    }
    return null;
  }
}
