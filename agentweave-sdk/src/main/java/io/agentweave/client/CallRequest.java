package io.agentweave.client;

import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.Optional;

/**
 * What a caller asks of another agent.
 *
 * @param target the only peer that the connection may end at
 * @param capability what it shall do
 * @param payload the parameters
 * @param timeout for everything together, retries included; capped by what is left of the deadline
 *     of the inbound call that the thread serves, if it serves one
 * @param address {@code host:port} to connect to instead of the one that discovery names. It is
 *     trusted no more than that one
 * @param idempotent whether doing it twice is as good as once. Without it a call is tried again
 *     only when it certainly did not run
 */
public record CallRequest(
    SpiffeId target,
    String capability,
    Payload payload,
    Duration timeout,
    Optional<String> address,
    boolean idempotent) {

  public static CallRequest of(
      SpiffeId target, String capability, Payload payload, Duration timeout) {
    return new CallRequest(target, capability, payload, timeout, Optional.empty(), false);
  }

  /** The same request to this {@code host:port}. */
  public CallRequest at(String hostAndPort) {
    return new CallRequest(
        target, capability, payload, timeout, Optional.of(hostAndPort), idempotent);
  }

  /** The same request, which may be carried out more than once. */
  public CallRequest asIdempotent() {
    return new CallRequest(target, capability, payload, timeout, address, true);
  }
}
