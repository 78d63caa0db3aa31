package io.agentweave.a2a;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.a2a.v1.AgentExtension;

/**
 * The A2A extension that names the capability a message is for: a string under {@link
 * #METADATA_KEY} in {@code message.metadata}. Callers need not activate it. Without it, a message
 * goes to the one skill of an agent that has exactly one.
 */
public final class CapabilityExtension {
  public static final String URI = "https://agentweave.io/a2a/extensions/capability/v1";
  public static final String METADATA_KEY = "capability";

  private CapabilityExtension() {}

  /** As the agent card declares it. */
  static AgentExtension declaration() {
    return AgentExtension.newBuilder()
        .setUri(URI)
        .setDescription("message.metadata." + METADATA_KEY + " names the skill to run, by its id")
        .setRequired(false)
        .setParams(
            Struct.newBuilder()
                .putFields("metadataKey", Value.newBuilder().setStringValue(METADATA_KEY).build()))
        .build();
  }
}
