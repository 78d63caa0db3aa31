package io.agentweave.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.authz.Authorization;
import io.agentweave.authz.Decision;
import io.agentweave.authz.Denied;
import io.agentweave.authz.Permit;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.authz.PolicyInput;
import io.agentweave.authz.Unavailable;
import io.agentweave.call.Call;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The policy engine against the real OPA, over TLS. */
class OpaTest {
  private static final int PORT = 8181;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir static Path folder;

  private static GenericContainer<?> opa;

  @BeforeAll
  static void start() throws Exception {
    Parts.certificates(folder);
    opa =
        Parts.of("openpolicyagent/opa")
            .withFileSystemBind(folder.toString(), "/tls", BindMode.READ_ONLY)
            .withFileSystemBind(
                Parts.ROOT.resolve("policies").toString(), "/policies", BindMode.READ_ONLY)
            .withCommand(
                "run",
                "--server",
                "--addr=0.0.0.0:" + PORT,
                "--tls-cert-file=/tls/tls.crt",
                "--tls-private-key-file=/tls/tls.key",
                "--ignore=*_test.rego",
                "--ignore=suite",
                "--skip-version-check",
                "/policies")
            .withCreateContainerCmdModifier(command -> command.withUser("0:0"))
            .withExposedPorts(PORT)
            .waitingFor(Wait.forListeningPort().withStartupTimeout(Parts.START));
    opa.start();
  }

  @AfterAll
  static void stop() {
    opa.stop();
  }

  private static PolicyEngine engine(Path authorities) {
    return engine(authorities, "agentweave/authz", PATIENCE);
  }

  private static PolicyEngine engine(Path authorities, String entryPoint, Duration timeout) {
    return Authorization.opaEngine(
        "https://localhost:" + opa.getMappedPort(PORT), entryPoint, timeout, authorities);
  }

  private static PolicyInput asking(String caller) {
    Call call =
        new Call(
            "req-1",
            Direction.INBOUND,
            "SendMessage",
            "process_event",
            null,
            Payload.ofJson("{}"),
            Deadline.in(PATIENCE));
    return new PolicyInput(
        call,
        SpiffeId.parse(caller),
        SpiffeId.parse("spiffe://agentweave.io/agent/processor"),
        "production",
        Instant.now());
  }

  private static Decision decision(Path authorities, String caller) {
    try (PolicyEngine engine = engine(authorities)) {
      return engine.decide(asking(caller));
    }
  }

  @Test
  void grantedCaller_isPermittedAndAnyOtherDenied() {
    Path ca = folder.resolve("ca.crt");
    assertThat(decision(ca, "spiffe://agentweave.io/agent/ingester")).isInstanceOf(Permit.class);
    assertThat(decision(ca, "spiffe://agentweave.io/agent/storage")).isInstanceOf(Denied.class);
    assertThat(decision(ca, "spiffe://elsewhere.example/agent/ingester"))
        .isInstanceOf(Denied.class);
  }

  @Test
  void suiteOfQuestions_isAnsweredByOpaAndByTheEmbeddedRulesAlike() throws Exception {
    Map<String, List<SuiteQuestion>> questions = SuiteQuestion.all();
    List<String> differences = new ArrayList<>();
    questions.forEach(
        (entryPoint, asked) -> {
          try (PolicyEngine real = engine(folder.resolve("ca.crt"), entryPoint, PATIENCE);
              PolicyEngine embedded =
                  Authorization.embeddedEngine(
                      Parts.ROOT.resolve("policies"), entryPoint, PATIENCE)) {
            for (SuiteQuestion question : asked) {
              String left = SuiteQuestion.inWords(real.decide(question.input()));
              String right = SuiteQuestion.inWords(embedded.decide(question.input()));
              if (!left.equals(question.expected()) || !right.equals(question.expected())) {
                differences.add(
                    "%s: %s: expected %s, OPA %s, embedded %s"
                        .formatted(entryPoint, question.name(), question.expected(), left, right));
              }
            }
          }
        });
    assertThat(differences).isEmpty();
    assertThat(questions.values().stream().mapToInt(List::size).sum()).isGreaterThan(50);
  }

  @Test
  void opaThatTheAuthoritiesDoNotProve_isNotBelieved(@TempDir Path others) throws Exception {
    Parts.certificates(others);
    assertThat(decision(others.resolve("ca.crt"), "spiffe://agentweave.io/agent/ingester"))
        .isInstanceOfSatisfying(Unavailable.class, u -> assertThat(u.fault()).isEqualTo("tls"));
  }

  @Test
  void stoppedOpa_makesDecisionsUnavailableUntilItGoesOn() {
    String id = opa.getContainerId();
    PolicyInput granted = asking("spiffe://agentweave.io/agent/ingester");
    try (PolicyEngine engine =
        engine(folder.resolve("ca.crt"), "agentweave/authz", Duration.ofSeconds(2))) {
      await().untilAsserted(() -> assertThat(engine.decide(granted)).isInstanceOf(Permit.class));
      opa.getDockerClient().killContainerCmd(id).withSignal("STOP").exec();
      try {
        assertThat(engine.decide(granted)).isInstanceOf(Unavailable.class);
      } finally {
        opa.getDockerClient().killContainerCmd(id).withSignal("CONT").exec();
      }
      await().untilAsserted(() -> assertThat(engine.decide(granted)).isInstanceOf(Permit.class));
    }
  }
}
