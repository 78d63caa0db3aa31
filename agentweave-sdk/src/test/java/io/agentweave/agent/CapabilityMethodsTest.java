package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.a2a.TaskResult;
import io.agentweave.audit.AuditInMemory;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.ListedGrants;
import io.agentweave.config.CapabilitySection;
import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.deadletter.DeadLettersInMemory;
import io.agentweave.identity.SpiffeId;
import io.agentweave.server.CapabilityCatalogue;
import io.agentweave.server.TaskUpdates;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import io.agentweave.validation.JsonLimits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CapabilityMethodsTest {

  private static CapabilityMethods of(Object owner) {
    return CapabilityMethods.of(owner, JsonLimits.USUAL);
  }

  private static CapabilitySection section(String name) {
    return new CapabilitySection(name, "", List.of(), List.of(), Optional.empty());
  }

  static class Impostor {
    @Capability("ping")
    public String ping() {
      return "pong";
    }
  }

  @SuppressWarnings("UnusedVariable") // it is about signatures
  static class Bad {
    @Capability("a")
    String hidden() {
      return "";
    }

    @Capability("b")
    public static String shared() {
      return "";
    }

    @Capability("c")
    public void silent() {}

    @Capability("d")
    @RequiresPeer("spiffe://agentweave.io/agent/pre*")
    public String prefixed() {
      return "";
    }

    @Capability("e")
    public String thread(Thread thread) {
      return "";
    }

    @RequiresPeer("spiffe://agentweave.io/agent/a")
    public String alone() {
      return "";
    }

    @Capability("f")
    public String one() {
      return "";
    }

    @Capability("f")
    public String two() {
      return "";
    }
  }

  /** Annotated, declared, and yet of no use to a caller. */
  static class Unfit {
    record Text(@Size(max = 3) int length) {}

    @Capability("later")
    public CompletableFuture<String> later() {
      return CompletableFuture.completedFuture("");
    }

    @Capability("sized")
    public String sized(Text text) {
      return "";
    }

    @Capability("blank")
    public String blank(@NotBlank int number) {
      return "";
    }
  }

  static class Good {
    @Capability("store_event")
    @RequiresPeer("spiffe://agentweave.io/agent/processor")
    @RequiresPeer("spiffe://agentweave.io/operator/*")
    public TaskResult store(String id, RequestContext context, TaskUpdates updates) {
      return TaskResult.completed();
    }
  }

  @Test
  void severalRequirements_areAlternatives() {
    CapabilityMethods methods = of(new Good());

    assertThat(methods.problems()).isEmpty();
    var requirement = Objects.requireNonNull(methods.byName().get("store_event")).requirement();
    assertThat(requirement.isMetBy(SpiffeId.parse("spiffe://agentweave.io/agent/processor")))
        .isTrue();
    assertThat(requirement.isMetBy(SpiffeId.parse("spiffe://agentweave.io/operator/cli"))).isTrue();
    assertThat(requirement.isMetBy(SpiffeId.parse("spiffe://agentweave.io/operator/a/b")))
        .isFalse();
    assertThat(requirement.isMetBy(SpiffeId.parse("spiffe://evil.example/agent/processor")))
        .isFalse();
  }

  @Test
  void declaredWithoutMethod_andMethodWithoutDeclaration_areBothNamed_withTheNearestName() {
    assertThat(of(new Good()).disagreements(List.of(section("store_events"))))
        .containsExactly(
            "agent.capabilities: store_events is declared, but no method has"
                + " @Capability(\"store_events\"); did you mean store_event?",
            "agent.capabilities: the method with @Capability(\"store_event\") is not declared;"
                + " did you mean store_events?");
  }

  @Test
  void builtInCapability_isNeitherDeclaredNorWritten() {
    assertThat(of(new Impostor()).disagreements(List.of(section("dlq_replay"))))
        .containsExactly(
            "agent.capabilities: every agent has dlq_replay; it is not declared",
            "@Capability(\"ping\"): every agent has ping already");
  }

  @Test
  void illegalMethods_areAllNamed_withTheirReasons() {
    CapabilityMethods methods = of(new Bad());

    assertThat(String.join("\n", methods.problems()))
        .contains("Bad.hidden: a capability is a public instance method")
        .contains("Bad.shared: a capability is a public instance method")
        .contains("Bad.silent: a capability returns a TaskResult or its data")
        .contains("Bad.prefixed: @RequiresPeer(\"spiffe://agentweave.io/agent/pre*\"): ")
        .contains("Bad.thread: parameter thread")
        .contains("Bad.alone: @RequiresPeer stands beside @Capability only")
        .contains("Bad.two: another method is the capability f already");
    assertThat(methods.problems()).hasSize(7);
  }

  @Test
  void methodThatEachCallWouldBreakOn_stopsTheStart_andIsNamed() {
    List<String> problems = of(new Unfit()).problems();

    assertThat(String.join("\n", problems))
        .contains("Unfit.later: a capability returns what it has come to, no CompletableFuture")
        .contains("Unfit.sized: parameter text: ")
        .contains("constraint 'jakarta.validation.constraints.Size'")
        .contains("Unfit.blank: ")
        .contains("constraint 'jakarta.validation.constraints.NotBlank'");
    assertThat(problems).hasSize(3);
  }

  @Test
  void builtInNames_areThoseThatThereAre() {
    SpiffeId self = SpiffeId.parse("spiffe://agentweave.io/agent/a");
    DeadLettersInMemory letters = new DeadLettersInMemory();
    Replays replays =
        new Replays(
            self,
            "development",
            letters,
            Authorization.authorizer(new ListedGrants(), Enforcement.DENY),
            new AuditInMemory(),
            CapabilityCatalogue.of(List.of()),
            Telemetry.start(
                new TelemetrySettings(
                    "a",
                    Optional.empty(),
                    "development",
                    new Tracing(false, "otlp", "http://localhost:4317", 1.0),
                    Set.of())));
    CapabilityMethods builtIns = of(new BuiltIns(self, letters, replays));
    assertThat(builtIns.problems()).isEmpty();
    assertThat(builtIns.byName().keySet()).isEqualTo(BuiltIns.NAMES);
  }
}
