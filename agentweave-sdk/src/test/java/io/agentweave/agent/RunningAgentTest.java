package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.config.AgentConfig;
import io.agentweave.identity.SwitchableIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

class RunningAgentTest {
  @TempDir Path directory;
  private AgentScene scene;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void open() {
    scene = new AgentScene(directory);
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    scene.close();
  }

  /** Does a few things with text. */
  @SuppressWarnings("DoNotCallSuggester") // some handlers only ever throw
  static final class Echo extends SecureAgent {
    final CountDownLatch arrived = new CountDownLatch(1);
    final CountDownLatch gate = new CountDownLatch(1);
    final AtomicReference<RequestContext> seen = new AtomicReference<>();
    final AtomicReference<Map<String, String>> logged = new AtomicReference<>();
    boolean stopped;

    record Said(String text, Optional<Integer> times) {}

    @Capability("echo")
    public Said echo(String text, Optional<Integer> times, RequestContext context) {
      seen.set(context);
      logged.set(Map.copyOf(MDC.getCopyOfContextMap()));
      return new Said(text.repeat(times.orElse(1)), times);
    }

    @Capability("wait")
    public String waitForIt() throws InterruptedException {
      arrived.countDown();
      gate.await();
      return "waited";
    }

    @Capability("explode")
    public String explode() {
      throw new IllegalArgumentException("secret details");
    }

    @Capability("overloaded")
    public TaskResult overloaded() {
      throw new RefusalException(
          new Refusal.Overloaded("source_rate", Duration.ofMinutes(5), "too much of one source"));
    }

    @Override
    protected void onStop() {
      stopped = true;
    }
  }

  static final class Failing extends SecureAgent {
    @Capability("nothing")
    public String nothing() {
      return "";
    }

    @Override
    protected void onStart() {
      throw new IllegalStateException("the database is not there");
    }
  }

  private static final String[] ECHO = {"echo", "wait", "explode", "overloaded"};

  private AgentScene operatorMay(String... actions) {
    return scene.allow(AgentScene.OPERATOR, actions);
  }

  @Test
  void payloadMembersBindToParameters_andTheReturnValueIsTheAnswer() {
    Echo echo = new Echo();
    RunningAgent agent = operatorMay("echo").start("echo", echo, ECHO);

    TaskResult result =
        AgentScene.answer(scene.call(agent, "echo", "{\"text\":\"ab\",\"times\":2}"));

    assertThat(AgentScene.data(result)).isEqualTo("{\"text\":\"abab\",\"times\":2}");
    RequestContext context = echo.seen.get();
    assertThat(context.caller().spiffeId()).hasToString(AgentScene.OPERATOR);
    assertThat(context.capability()).isEqualTo("echo");
    assertThat(context.deadline().remaining()).isLessThan(AgentScene.PATIENCE);
    assertThat(echo.logged.get())
        .containsEntry("request_id", context.requestId())
        .containsEntry("decision_id", context.permit().id())
        .containsEntry("trace_id", context.trace().traceId());
    assertThat(scene.audit("echo")).contains(context.permit().id()).contains(context.requestId());
  }

  @Test
  void objectThatRunsAsAnAgent_isNotStartedAgain_untilItHasStopped() {
    Echo echo = new Echo();
    RunningAgent first = operatorMay("echo").start("echo", echo, ECHO);

    assertThatThrownBy(() -> scene.start("second", echo, ECHO))
        .isInstanceOf(AgentStartException.class)
        .hasMessageContaining("give each agent an object of its own");
    assertThat(echo.spiffeId()).isEqualTo(first.spiffeId());

    first.close();
    assertThat(scene.start("second", echo, ECHO).spiffeId()).isEqualTo(echo.spiffeId());
  }

  @Test
  void payloadThatDoesNotFit_isInvalid_andNamesTheFields() {
    RunningAgent agent = operatorMay("echo").start("echo", new Echo(), ECHO);

    Refusal refusal = AgentScene.refusal(scene.call(agent, "echo", "{\"text\":5,\"tims\":2}"));

    assertThat(refusal)
        .isInstanceOfSatisfying(
            Refusal.RefusedByPeer.class,
            r -> assertThat(r.remoteKind()).isEqualTo(RefusalKind.INVALID));
    assertThat(refusal.detail()).contains("text").contains("did you mean times?");
  }

  @Test
  void exceptionOfAHandler_isBroken_andTellsTheCallerNothing() {
    RunningAgent agent = operatorMay("explode").start("echo", new Echo(), ECHO);

    Refusal refusal = AgentScene.refusal(scene.call(agent, "explode", "{}"));

    assertThat(refusal)
        .isInstanceOfSatisfying(
            Refusal.RefusedByPeer.class,
            r -> assertThat(r.remoteKind()).isEqualTo(RefusalKind.BROKEN));
    assertThat(refusal.detail()).doesNotContain("secret");
  }

  @Test
  void refusalOfAHandler_reachesTheCaller_withItsHint() {
    RunningAgent agent = operatorMay("overloaded").start("echo", new Echo(), ECHO);

    assertThat(AgentScene.refusal(scene.call(agent, "overloaded", "{}")))
        .isInstanceOfSatisfying(
            Refusal.RefusedByPeer.class,
            r -> {
              assertThat(r.remoteKind()).isEqualTo(RefusalKind.OVERLOADED);
              assertThat(r.retryAfter()).isEqualTo(Duration.ofMinutes(5));
            });
  }

  @Test
  void everyAgentAnswersPing_toWhomPolicyLets() {
    RunningAgent agent = scene.start("echo", new Echo(), ECHO);

    assertThat(AgentScene.refusal(scene.call(agent, "ping", "{}")).kind())
        .isEqualTo(RefusalKind.DENIED);
    operatorMay("ping");
    assertThat(AgentScene.data(AgentScene.answer(scene.call(agent, "ping", "{}"))))
        .contains("\"agent\":\"spiffe://agentweave.io/agent/echo\"");
  }

  @Test
  void cardAndTask_canBeRead() {
    RunningAgent agent = operatorMay("card.read", "echo").start("echo", new Echo(), ECHO);

    var card =
        scene
            .operator()
            .card(agent.spiffeId(), Optional.of("127.0.0.1:" + agent.port()), AgentScene.PATIENCE);

    assertThat(card)
        .isInstanceOfSatisfying(
            CallOutcome.Answered.class,
            answered ->
                assertThat(
                        new String(
                            ((io.agentweave.call.Payload) answered.reply()).bytes(),
                            StandardCharsets.UTF_8))
                    .contains("\"id\":\"echo\"")
                    .doesNotContain("dlq_replay"));
  }

  @Test
  void stopping_finishesCallsUnderWay_refusesNewOnes_andStopsTheAgentLast() throws Exception {
    Echo echo = new Echo();
    RunningAgent agent = operatorMay("wait", "echo").start("echo", echo, ECHO);
    Future<CallOutcome<TaskResult>> underWay =
        threads.submit(() -> scene.call(agent, "wait", "{}"));
    assertThat(echo.arrived.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(ready(agent)).isEqualTo(200);

    Future<?> stopping = threads.submit(agent::close);

    await().untilAsserted(() -> assertThat(ready(agent)).isEqualTo(503));
    await()
        .untilAsserted(
            () ->
                assertThat(AgentScene.refusal(scene.call(agent, "echo", "{\"text\":\"x\"}")))
                    .isInstanceOfSatisfying(
                        Refusal.RefusedByPeer.class,
                        r -> assertThat(r.remoteKind()).isEqualTo(RefusalKind.DRAINING)));
    assertThat(echo.stopped).isFalse();
    echo.gate.countDown();
    assertThat(underWay.get(60, TimeUnit.SECONDS).word()).isEqualTo("completed");
    stopping.get(60, TimeUnit.SECONDS);
    assertThat(echo.stopped).isTrue();
    agent.close();
  }

  private static int ready(RunningAgent agent) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + agent.metricsPort().getAsInt() + "/health/ready");
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void capabilitiesThatDisagree_stopTheStart_andAreConfigurationErrors() {
    assertThatThrownBy(() -> scene.start("echo", new Echo(), "echo", "wait", "explode"))
        .isInstanceOfSatisfying(
            AgentStartException.class,
            e -> {
              assertThat(e.configuration()).isTrue();
              assertThat(e.reasons())
                  .containsExactly(
                      "agent.capabilities: the method with @Capability(\"overloaded\") is not"
                          + " declared");
            });
  }

  @Test
  void svidOfAnotherAgent_stopsTheStart() {
    AgentConfig config = scene.config("echo", List.of(ECHO), "");
    AgentParts parts =
        scene
            .parts("echo")
            .withIdentity(SwitchableIdentity.of(AgentScene.id("storage"), scene.authority));

    assertThatThrownBy(() -> AgentRunner.start(config, new Echo(), parts))
        .isInstanceOf(AgentStartException.class)
        .hasMessageContaining("the SVID is of spiffe://agentweave.io/agent/storage")
        .hasMessageContaining("spiffe://agentweave.io/agent/echo");
  }

  @Test
  void takenPort_isNamed_andWhatWasOpenIsClosedAgain() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      AgentConfig config = withPort(scene.config("echo", List.of(ECHO), ""), taken.getLocalPort());
      Echo echo = new Echo();

      assertThatThrownBy(() -> AgentRunner.start(config, echo, scene.parts("echo")))
          .isInstanceOf(AgentStartException.class)
          .hasMessageContaining("server.port")
          .hasMessageContaining(String.valueOf(taken.getLocalPort()));
      assertThat(echo.stopped).isTrue();
    }
    scene.start("echo", new Echo(), ECHO);
  }

  private static AgentConfig withPort(AgentConfig config, int port) {
    var server = config.server();
    return new AgentConfig(
        config.agent(),
        config.identity(),
        config.authorization(),
        config.discovery(),
        config.transport(),
        new io.agentweave.config.ServerSection(
            server.host(),
            port,
            server.maxConcurrentRequests(),
            server.requestTimeout(),
            server.gracefulShutdown(),
            server.maxPayloadBytes(),
            server.requestsPerSecond()),
        config.observability());
  }

  @Test
  void missingWorkloadApi_stopsTheStart_inTime_andSaysWhatToDo() {
    AgentConfig config =
        scene.config(
            "echo",
            List.of(ECHO),
            "identity: {spiffe_endpoint: \"unix:///nowhere/agent.sock\", startup_timeout_seconds:"
                + " 1}");
    long start = System.nanoTime();

    assertThatThrownBy(
            () ->
                AgentRunner.start(
                    config, new Echo(), AgentParts.fromConfiguration().withPolicy(scene.policy)))
        .isInstanceOf(AgentStartException.class)
        .hasMessageContaining("identity: ")
        .hasMessageContaining("/nowhere/agent.sock");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
  }

  @Test
  void missingPolicyBundle_stopsTheStart_andSaysSo() {
    AgentConfig config =
        scene.config(
            "echo", List.of(ECHO), "authorization: {provider: opa-embedded, bundle: nowhere}");
    AgentParts withoutPolicy =
        AgentParts.fromConfiguration()
            .withIdentity(SwitchableIdentity.of(AgentScene.id("echo"), scene.authority));

    assertThatThrownBy(() -> AgentRunner.start(config, new Echo(), withoutPolicy))
        .isInstanceOf(AgentStartException.class)
        .hasMessageStartingWith("authorization: ")
        .hasMessageContaining("nowhere");
  }

  @Test
  void failingAgent_stopsTheStart() {
    assertThatThrownBy(() -> scene.start("failing", new Failing(), "nothing"))
        .isInstanceOf(AgentStartException.class)
        .hasMessage("failing: the database is not there");
  }
}
