package io.agentweave.local.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.Capability;
import io.agentweave.agent.RequiresPeer;
import io.agentweave.agent.RunningAgent;
import io.agentweave.agent.SecureAgent;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.local.authority.LocalAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class MeshExtensionTest {
  private static final String FRIEND = "spiffe://agentweave.io/agent/friend";
  private static final String STRANGER = "spiffe://agentweave.io/agent/stranger";
  private static final String GREETER = "spiffe://agentweave.io/agent/greeter";
  private static final String RELAY = "spiffe://agentweave.io/agent/relay";

  @RegisterExtension
  final MeshExtension mesh =
      new MeshExtension(
          () -> new LocalAuthority(new TrustDomain("agentweave.io"), Duration.ofDays(1)));

  @Test
  void withoutAGrant_nobodyIsServed_andWithoutOneAgainAfterwards() {
    RunningAgent greeter = mesh.get().start("greeter", new Greeter());
    assertThat(kindOf(call(FRIEND, greeter, "greet"))).isEqualTo(RefusalKind.DENIED);

    Grant grant = Grant.of(FRIEND, GREETER, "greet");
    mesh.get().grant(grant);
    await().until(() -> call(FRIEND, greeter, "greet") instanceof CallOutcome.Answered);
    assertThat(kindOf(call(STRANGER, greeter, "greet"))).isEqualTo(RefusalKind.DENIED);

    mesh.get().revoke(grant);
    await().until(() -> call(FRIEND, greeter, "greet") instanceof CallOutcome.Refused);
  }

  @Test
  void aGrant_doesNotOpenAMethodThatIsForAnotherPeer() {
    mesh.get().grant(Grant.of(FRIEND, GREETER, "greet_relay"));
    RunningAgent greeter = mesh.get().start("greeter", new Greeter());

    assertThat(call(FRIEND, greeter, "greet_relay"))
        .isInstanceOfSatisfying(
            CallOutcome.Refused.class,
            refused ->
                assertThat(refused.refusal())
                    .isInstanceOfSatisfying(
                        Refusal.RefusedByPeer.class,
                        peers -> assertThat(peers.remoteKind()).isEqualTo(RefusalKind.DENIED)));
  }

  @Test
  void agentsCallEachOther_asTheirGrantsSay() {
    mesh.get().grant(Grant.of(FRIEND, RELAY, "relay"), Grant.of(RELAY, GREETER, "greet_relay"));
    mesh.get().start("greeter", new Greeter());
    RunningAgent relay = mesh.get().start("relay", new Relay());

    assertThat(call(FRIEND, relay, "relay"))
        .isInstanceOfSatisfying(
            CallOutcome.Answered.class,
            answered -> assertThat(text(answered)).contains("hello " + RELAY));
  }

  @Test
  void anIdentity_isRenewedWhileItIsUsed() {
    // Issued a while ago, so that both the old and the new one are valid at this moment.
    Duration lifetime = Duration.ofHours(4);
    Instant begin = Instant.now().minus(Duration.ofHours(3));
    AtomicReference<Instant> time = new AtomicReference<>(begin);
    InstantSource clock = time::get;
    try (TestMesh driven =
        TestMesh.open(
            new LocalAuthority(
                new TrustDomain("agentweave.io"), lifetime, clock.withZone(ZoneOffset.UTC)))) {
      IdentitySource source = driven.identity(FRIEND);
      String first = source.current().svidSerial();
      time.set(begin.plus(lifetime.dividedBy(2)));
      await().until(() -> !source.current().svidSerial().equals(first));
      assertThat(source.current().unusableBecause()).isEmpty();
      assertThat(source.current().spiffeId()).isEqualTo(SpiffeId.parse(FRIEND));
    }
  }

  @Test
  void whatAnAuthorityIssued_isRefusedOnceItIsDropped() {
    IdentitySource friend = mesh.get().identity(FRIEND);
    var stolen = mesh.get().authority().issue(SpiffeId.parse(STRANGER));
    assertThat(friend.current().verify(stolen.chain()).toString()).contains(STRANGER);

    mesh.get().authority().rotate();
    mesh.get().authority().drop();
    await()
        .until(() -> friend.current().verify(stolen.chain()).toString().contains("UNTRUSTED_PATH"));
  }

  @Test
  void aClosedMesh_leavesNoFiles() {
    TestMesh other = TestMesh.open();
    Path data = other.dataOf("greeter");
    other.start("greeter", new Greeter());
    assertThat(data).isDirectory();
    other.close();
    assertThat(data.getParent()).doesNotExist();
    assertThat(Files.exists(data)).isFalse();
  }

  private CallOutcome<TaskResult> call(String caller, RunningAgent target, String capability) {
    return mesh.get().call(caller, target, capability, Map.of("name", caller));
  }

  private static RefusalKind kindOf(CallOutcome<TaskResult> outcome) {
    return switch (outcome) {
      case CallOutcome.Refused<TaskResult>(var refusal) -> refusal.kind();
      case CallOutcome.Answered<TaskResult> answered ->
          throw new AssertionError("answered: " + answered.reply());
    };
  }

  /** Says hello. */
  public static final class Greeter extends SecureAgent {
    @Capability("greet")
    public String greet(String name) {
      return "hello " + name;
    }

    @Capability("greet_relay")
    @RequiresPeer(RELAY)
    public String greetRelay(String name) {
      return "hello " + name;
    }
  }

  /** Has others say hello. */
  public static final class Relay extends SecureAgent {
    @Capability("relay")
    public TaskResult relay(String name) {
      return call(
          SpiffeId.parse(GREETER),
          "greet_relay",
          Map.of("name", spiffeId().toString()),
          Duration.ofMinutes(1));
    }
  }

  private static String text(CallOutcome.Answered<?> answered) {
    return ((TaskResult) answered.reply())
        .messages().stream()
            .flatMap(message -> message.parts().stream())
            .map(part -> new String(((Part.DataPart) part).json().bytes(), UTF_8))
            .collect(joining());
  }
}
