package io.agentweave.server;

import io.agentweave.authz.PeerRequirement;
import io.agentweave.call.Payload;
import java.util.List;
import java.util.OptionalInt;

/**
 * One thing that an agent does for its peers.
 *
 * @param name what callers and policy call it
 * @param description for the agent card
 * @param inputModes media types it reads; {@code text/plain} among them lets text parts in, as the
 *     payload <code>{"text": "…"}</code>
 * @param outputModes media types it answers with
 * @param requirement who may call it at all, checked before policy
 * @param maxConcurrent how many run at once; empty for the server's own limit
 * @param kind what the agent is for, or what every agent has
 * @param decoder makes an invocation of a payload
 */
public record ServedCapability(
    String name,
    String description,
    List<String> inputModes,
    List<String> outputModes,
    PeerRequirement requirement,
    OptionalInt maxConcurrent,
    Kind kind,
    Decoder decoder) {

  public ServedCapability {
    inputModes = List.copyOf(inputModes);
    outputModes = List.copyOf(outputModes);
  }

  /** Where a capability comes from. */
  public enum Kind {
    /** The agent's own: on its card, and run by messages that name none if it is the only one. */
    SKILL,
    /** Part of every agent, such as {@code ping}: only by name, and not on the card. */
    BUILT_IN
  }

  /** Binds and checks the parameters. Runs only for permitted calls; what it throws is a bug. */
  @FunctionalInterface
  public interface Decoder {
    Decoded decode(Payload payload);
  }
}
