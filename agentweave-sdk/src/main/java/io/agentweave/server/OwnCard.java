package io.agentweave.server;

import io.agentweave.a2a.AgentCards;
import io.agentweave.a2a.v1.AgentCard;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * This agent's card. Names the host as it is configured, or else this machine, and the real port.
 */
final class OwnCard implements Supplier<AgentCard> {
  private final ServerProfile profile;
  private final IntSupplier port;

  OwnCard(ServerProfile profile, IntSupplier port) {
    this.profile = profile;
    this.port = port;
  }

  @Override
  public AgentCard get() {
    String host = profile.settings().host();
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    return AgentCards.card(
        profile.name(),
        profile.description(),
        profile.version(),
        (everywhere ? machine() : host) + ":" + port.getAsInt(),
        profile.capabilities().skills().stream().map(OwnCard::shown).toList());
  }

  private static AgentCards.Skill shown(ServedCapability skill) {
    return new AgentCards.Skill(
        skill.name(), skill.description(), skill.inputModes(), skill.outputModes());
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
