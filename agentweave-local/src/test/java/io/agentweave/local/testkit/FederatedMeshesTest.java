package io.agentweave.local.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.Capability;
import io.agentweave.agent.RunningAgent;
import io.agentweave.agent.SecureAgent;
import io.agentweave.call.CallOutcome;
import io.agentweave.identity.TrustDomain;
import io.agentweave.local.authority.LocalAuthority;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two trust domains, each of whose authorities the other one's members know. */
final class FederatedMeshesTest {
  private static final TrustDomain HOME = new TrustDomain("agentweave.io");
  private static final TrustDomain PARTNER = new TrustDomain("partner.example");
  private static final String FRIEND = "spiffe://partner.example/agent/friend";
  private static final String GREETER = "spiffe://agentweave.io/agent/greeter";

  @RegisterExtension final MeshExtension home = meshOf(HOME);
  @RegisterExtension final MeshExtension partner = meshOf(PARTNER);

  private static MeshExtension meshOf(TrustDomain domain) {
    return new MeshExtension(() -> new LocalAuthority(domain, Duration.ofHours(1)));
  }

  @BeforeEach
  void everythingButTheAllowance() {
    Grant grant = Grant.of(FRIEND, GREETER, "greet");
    home.get().grant(grant);
    partner.get().grant(grant);
    home.get().federate(partner.get().authority());
    partner.get().federate(home.get().authority());
  }

  @Test
  void aDomainInTheBundle_thatTheAgentDoesNotAllow_isRefused() {
    partner.get().allow(HOME);
    RunningAgent greeter = home.get().start("greeter", new Greeter());

    assertThat(callAsFriend(greeter)).isInstanceOf(CallOutcome.Refused.class);
  }

  @Test
  void aDomainInTheBundle_thatTheCallerDoesNotAllow_isRefused() {
    home.get().allow(PARTNER);
    RunningAgent greeter = home.get().start("greeter", new Greeter());

    assertThat(callAsFriend(greeter)).isInstanceOf(CallOutcome.Refused.class);
  }

  @Test
  void domainsThatAllowEachOther_talk() {
    home.get().allow(PARTNER);
    partner.get().allow(HOME);
    RunningAgent greeter = home.get().start("greeter", new Greeter());

    assertThat(callAsFriend(greeter)).isInstanceOf(CallOutcome.Answered.class);
  }

  private CallOutcome<TaskResult> callAsFriend(RunningAgent greeter) {
    return partner.get().call(FRIEND, greeter, "greet", Map.of("name", "friend"));
  }

  /** Says hello. */
  public static final class Greeter extends SecureAgent {
    @Capability("greet")
    public String greet(String name) {
      return "hello " + name;
    }
  }
}
