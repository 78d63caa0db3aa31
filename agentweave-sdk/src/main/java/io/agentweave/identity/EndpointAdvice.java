package io.agentweave.identity;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What is wrong with a Workload API, in words that say what to do about it. */
final class EndpointAdvice {
  private EndpointAdvice() {}

  /** The stream ended, or never came to be. */
  static String ended(URI endpoint, String detail) {
    if (endpoint.getScheme().equals("unix")) {
      Path socket = Path.of(endpoint.getPath());
      if (!Files.exists(socket)) {
        return "there is no socket at "
            + socket
            + ". Start the SPIFFE agent, or correct identity.spiffe_endpoint"
            + " (SPIFFE_ENDPOINT_SOCKET)";
      }
      if (!Files.isReadable(socket) || !Files.isWritable(socket)) {
        return "this process (user "
            + System.getProperty("user.name")
            + ") has no permission to use "
            + socket
            + ". Give it read and write permission on the socket";
      }
    }
    return detail + ". Look whether the SPIFFE agent at " + endpoint + " runs";
  }

  static String denied(Optional<SpiffeId> expected, String detail) {
    return "the Workload API issues no SVID to this process ("
        + detail
        + "). Register "
        + expected.map(SpiffeId::toString).orElse("a SPIFFE ID")
        + " with selectors that match it: process "
        + ProcessHandle.current().pid()
        + ", user "
        + System.getProperty("user.name");
  }

  /** The API's SVID is not valid now, by the clock here. */
  static String unusable(String why, Instant now) {
    return why
        + ", and the clock here says "
        + now.truncatedTo(ChronoUnit.SECONDS)
        + ". Correct this machine's clock, or that of the SPIFFE server";
  }

  static String silent(URI endpoint, Duration waited) {
    return "the Workload API at "
        + endpoint
        + " takes connections but sent nothing within "
        + waited.toMillis()
        + " ms. Restart the SPIFFE agent";
  }
}
