package io.agentweave.examples;

import io.agentweave.agent.AgentRunner;
import io.agentweave.agent.Capability;
import io.agentweave.agent.RequestContext;
import io.agentweave.agent.RequiresPeer;
import io.agentweave.agent.SecureAgent;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Greets whoever may ask, and says who asked. */
public final class GreeterAgent extends SecureAgent {

  /** Whom to greet. */
  public record Greeting(@NotBlank @Size(max = 100) String name) {}

  /** What is answered. */
  public record Answer(String text, String askedBy) {}

  /** Greets. */
  @Capability("greet")
  @RequiresPeer("spiffe://agentweave.io/agent/*")
  @RequiresPeer("spiffe://agentweave.io/operator/cli")
  public Answer greet(Greeting greeting, RequestContext context) {
    return new Answer("Hello, " + greeting.name(), context.caller().spiffeId().toString());
  }

  public static void main(String[] args) {
    AgentRunner.main(args, GreeterAgent::new);
  }
}
