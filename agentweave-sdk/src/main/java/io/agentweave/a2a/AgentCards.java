package io.agentweave.a2a;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.agentweave.a2a.v1.AgentCapabilities;
import io.agentweave.a2a.v1.AgentCard;
import io.agentweave.a2a.v1.AgentInterface;
import io.agentweave.a2a.v1.AgentSkill;
import io.agentweave.a2a.v1.MutualTlsSecurityScheme;
import io.agentweave.a2a.v1.SecurityRequirement;
import io.agentweave.a2a.v1.SecurityScheme;
import io.agentweave.a2a.v1.StringList;
import io.agentweave.call.Payload;
import java.util.List;

/** Agent cards: what an agent tells those who may ask (A2A 1.0, "Agent Discovery"). */
public final class AgentCards {
  private static final String MUTUAL_TLS = "mtls";
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private AgentCards() {}

  /**
   * @param address {@code host:port} where the agent takes calls
   */
  public static AgentCard card(
      String name, String description, String version, String address, List<Skill> skills) {
    AgentCard.Builder card =
        AgentCard.newBuilder()
            .setName(name)
            .setDescription(description.isEmpty() ? name : description)
            .setVersion(version)
            .addSupportedInterfaces(
                AgentInterface.newBuilder()
                    .setUrl(address)
                    .setProtocolBinding("GRPC")
                    .setProtocolVersion(WireNames.VERSION))
            .setCapabilities(
                AgentCapabilities.newBuilder()
                    .setStreaming(true)
                    .setPushNotifications(false)
                    .setExtendedAgentCard(true)
                    .addExtensions(CapabilityExtension.declaration()))
            .putSecuritySchemes(
                MUTUAL_TLS,
                SecurityScheme.newBuilder()
                    .setMtlsSecurityScheme(
                        MutualTlsSecurityScheme.newBuilder()
                            .setDescription("TLS 1.3 with an X.509-SVID (SPIFFE)"))
                    .build())
            .addSecurityRequirements(
                SecurityRequirement.newBuilder()
                    .putSchemes(MUTUAL_TLS, StringList.getDefaultInstance()))
            .addDefaultInputModes(WireNames.JSON)
            .addDefaultOutputModes(WireNames.JSON);
    for (Skill skill : skills) {
      card.addSkills(
          AgentSkill.newBuilder()
              .setId(skill.name())
              .setName(skill.name())
              .setDescription(skill.description().isEmpty() ? skill.name() : skill.description())
              .addTags(skill.name())
              .addAllInputModes(skill.inputModes())
              .addAllOutputModes(skill.outputModes()));
    }
    return card.build();
  }

  /** The card as the protocol's JSON: camel case, no insignificant white space. */
  public static Payload json(AgentCard card) {
    try {
      return Payload.ofJson(PRINTER.print(card));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a card holds nothing that JSON can't say", e);
    }
  }

  /** A capability, as the card shows it. */
  public record Skill(
      String name, String description, List<String> inputModes, List<String> outputModes) {}
}
