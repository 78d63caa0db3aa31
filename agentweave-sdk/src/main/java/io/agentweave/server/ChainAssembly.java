package io.agentweave.server;

import io.agentweave.a2a.v1.AgentCard;
import io.agentweave.call.Refusal;
import io.agentweave.identity.SpiffeId;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes the stages of the chain from the parts of the server. */
final class ChainAssembly {
  private ChainAssembly() {}

  /**
   * @param closed why no call is taken any more
   */
  static InboundChain of(
      ServerProfile profile,
      ServerParts parts,
      TaskStore tasks,
      Supplier<Optional<Refusal>> closed,
      Supplier<AgentCard> card) {
    SpiffeId self = parts.identity().current().spiffeId();
    CallTelemetry telemetry = new CallTelemetry(parts.telemetry());
    RequestReader reader =
        new RequestReader(profile.capabilities(), profile.settings().maxPayloadBytes());
    return new InboundChain(
        new ChainParts(
            new ObservedStage(reader, parts.audit(), parts.telemetry(), self),
            new ContainedStage(),
            new InTimeStage(parts.admission(), closed),
            new IdentifiedStage(parts.identity()),
            new PermittedStage(
                parts.authorizer(), parts.audit(), telemetry, self, profile.environment()),
            new AdmittedStage(parts.admission()),
            new DecodedStage(telemetry),
            new Dispatcher(new TaskWork(tasks, telemetry), new ProtocolWork(tasks, card))));
  }
}
