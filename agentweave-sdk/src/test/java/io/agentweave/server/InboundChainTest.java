package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import io.agentweave.a2a.TaskEnd;
import io.agentweave.a2a.WireResults;
import io.agentweave.a2a.v1.A2AServiceGrpc.A2AServiceBlockingStub;
import io.agentweave.audit.AuditEvent;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each stage's refusal, as the caller, the audit, the metric and the trace see it. */
class InboundChainTest {
  private static final String INGESTER = ServedScene.INGESTER;

  private final ServedScene scene = new ServedScene().allow(INGESTER, "echo", "throw", "picky");
  private final A2AServiceBlockingStub ingester = scene.as(INGESTER);

  @AfterEach
  void close() {
    scene.close();
  }

  private void endedOnce(String action, String outcome) {
    assertThat(scene.audit.ended()).hasSize(1);
    AuditEvent.Ended ended = scene.audit.ended().getFirst();
    assertThat(ended.outcome()).isEqualTo(outcome);
    assertThat(ended.subject().action()).isEqualTo(action);
    assertThat(scene.metrics())
        .containsPattern(
            "agentweave_calls_total\\{capability=\"[a-z]+\",direction=\"inbound\",outcome=\""
                + outcome
                + "\"\\} 1.0");
    await().until(() -> scene.spans.named("processor." + action).size() == 1);
  }

  @Test
  void permittedCall_runsAndIsWrittenDown() {
    var answer = ingester.sendMessage(ServedScene.send("echo", "{\"n\":9007199254740993}"));

    assertThat(WireResults.read(answer)).isInstanceOf(TaskEnd.Ended.class);
    assertThat(answer.getTask().getStatus().getMessage().getParts(0).getRaw().toStringUtf8())
        .isEqualTo("{\"n\":9007199254740993}");
    endedOnce("echo", "completed");
    AuditEvent.Decided decided = scene.audit.decided().getFirst();
    assertThat(decided.decision()).isEqualTo("permit");
    assertThat(decided.subject().caller()).isEqualTo(INGESTER);
    assertThat(decided.decisionId()).isEqualTo(scene.audit.ended().getFirst().decisionId());
    assertThat(scene.audit.all().getFirst()).isSameAs(decided);
    assertThat(scene.capabilities.lastCall.permit().id()).isEqualTo(decided.decisionId());
  }

  @Test
  void peerWithoutGrant_isDenied_andTheHandlerDoesNotRun() {
    Refused refused =
        Refused.by(() -> scene.as(ServedScene.STRANGER).sendMessage(ServedScene.send("echo")));

    assertThat(refused.code()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(refused.reason()).isEqualTo("DENIED");
    assertThat(refused.domain()).isEqualTo("agentweave.io");
    assertThat(scene.capabilities.runs).hasValue(0);
    endedOnce("echo", "denied");
    assertThat(refused.info("decision_id"))
        .isEqualTo(scene.audit.decided().getFirst().decisionId())
        .isEqualTo(scene.audit.ended().getFirst().decisionId());
    assertThat(refused.info("request_id"))
        .isEqualTo(scene.audit.ended().getFirst().subject().requestId());
  }

  @Test
  void refusedCall_isBehindItsNumbers() {
    Refused refused =
        Refused.by(() -> scene.as(ServedScene.STRANGER).sendMessage(ServedScene.send("echo")));
    endedOnce("echo", "denied");

    String decision = Pattern.quote("decision_id=\"" + refused.info("decision_id") + "\"");
    String trace = scene.spans.named("processor.echo").getFirst().getTraceId();
    assertThat(scene.openMetrics())
        .containsPattern("agentweave_calls_total.*denied.* # .*" + decision + ".*" + trace)
        .containsPattern("agentweave_decisions_total.*denied.* # .*" + decision + ".*" + trace)
        .containsPattern("agentweave_call_duration_seconds_bucket.*denied.* # .*" + decision)
        .containsPattern("agentweave_decision_duration_seconds_bucket.*denied.* # .*" + decision);
  }

  @Test
  void wrongPeerForTheMethod_isDenied_evenIfPolicyWouldAllow() {
    scene.allow(ServedScene.STRANGER, "guarded");
    Refused refused =
        Refused.by(() -> scene.as(ServedScene.STRANGER).sendMessage(ServedScene.send("guarded")));

    assertThat(refused.code()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(refused.info("reason")).isEqualTo("peer_not_allowed");
    assertThat(scene.capabilities.runs).hasValue(0);
  }

  @Test
  void silentPolicyEngine_refusesTheCall() {
    scene.grants.silent("timeout");
    Refused refused = Refused.by(() -> ingester.sendMessage(ServedScene.send("echo")));

    assertThat(refused.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.reason()).isEqualTo("POLICY_UNAVAILABLE");
    assertThat(refused.detail(RetryInfo.class)).isPresent();
    assertThat(scene.capabilities.runs).hasValue(0);
    endedOnce("echo", "policy_unavailable");
  }

  @Test
  void fullAuditDisk_refusesTheCall_andServesAgainWhenThereIsRoom() {
    scene.audit.fill(true);
    Refused refused = Refused.by(() -> ingester.sendMessage(ServedScene.send("echo")));
    assertThat(refused.reason()).isEqualTo("AUDIT_UNAVAILABLE");
    assertThat(scene.capabilities.runs).hasValue(0);

    scene.audit.fill(false);
    ingester.sendMessage(ServedScene.send("echo"));
    assertThat(scene.capabilities.runs).hasValue(1);
  }

  @Test
  void invalidPayload_namesItsFields() {
    Refused refused = Refused.by(() -> ingester.sendMessage(ServedScene.send("picky")));

    assertThat(refused.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.detail(BadRequest.class).orElseThrow().getFieldViolations(0).getField())
        .isEqualTo("event.id");
    endedOnce("picky", "invalid");
  }

  @Test
  void throwingHandler_isBroken_andTellsNoDetail() {
    Refused refused = Refused.by(() -> ingester.sendMessage(ServedScene.send("throw")));

    assertThat(refused.code()).isEqualTo(Status.Code.INTERNAL);
    assertThat(refused.reason()).isEqualTo("BROKEN");
    assertThat(refused.status().toString()).doesNotContain("secret");
    endedOnce("throw", "broken");
  }

  @Test
  void missingDependency_isNamed_andItsDetailIsNot() {
    scene.allow(INGESTER, "lean");
    Refused refused = Refused.by(() -> ingester.sendMessage(ServedScene.send("lean")));

    assertThat(refused.reason()).isEqualTo("DEPENDENCY_UNAVAILABLE");
    assertThat(refused.info("dependency")).isEqualTo("database");
    assertThat(refused.status().toString()).doesNotContain("secret");
    endedOnce("lean", "dependency_unavailable");
  }

  @Test
  void unknownCapability_isDenied_andOnlyWhoMayCallItLearnsThatItDoesNotExist() {
    assertThat(Refused.by(() -> ingester.sendMessage(ServedScene.send("nope"))).reason())
        .isEqualTo("DENIED");
    scene.allow(INGESTER, "nope");
    assertThat(Refused.by(() -> ingester.sendMessage(ServedScene.send("nope"))).reason())
        .isEqualTo("INVALID");
    assertThat(scene.metrics()).contains("capability=\"other\"").doesNotContain("nope");
  }

  @Test
  void passedDeadline_interruptsTheHandler() throws InterruptedException {
    scene.allow(INGESTER, "wait", "ping");
    ingester.sendMessage(ServedScene.send("ping"));
    // On a busy machine it takes more time to get as far as the handler.
    for (long seconds = 1;
        scene.capabilities.waiting.getCount() > 0 && seconds < 60;
        seconds *= 4) {
      long given = seconds;
      Refused refused =
          Refused.by(
              () ->
                  ingester
                      .withDeadlineAfter(given, TimeUnit.SECONDS)
                      .sendMessage(ServedScene.send("wait")));
      assertThat(refused.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    assertThat(scene.capabilities.interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    await()
        .untilAsserted(
            () ->
                assertThat(scene.audit.ended())
                    .filteredOn(ended -> ended.subject().action().equals("wait"))
                    .isNotEmpty()
                    .allMatch(ended -> ended.outcome().equals("deadline_exceeded")));
  }

  @Test
  void callerThatGivesUp_interruptsTheHandler() throws InterruptedException {
    scene.allow(INGESTER, "wait");
    Thread caller =
        Thread.ofVirtual()
            .start(() -> Refused.by(() -> ingester.sendMessage(ServedScene.send("wait"))));
    assertThat(scene.capabilities.waiting.await(60, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();

    assertThat(scene.capabilities.interrupted.await(60, TimeUnit.SECONDS)).isTrue();
    await().until(() -> scene.audit.ended().size() == 1);
    endedOnce("wait", "cancelled");
  }

  @Test
  void serverLimit_capsACallWithoutDeadline() {
    try (ServedScene hasty =
        new ServedScene(TestCapabilities::catalogue, Duration.ofMillis(300), 20)) {
      hasty.allow(INGESTER, "wait");
      Refused refused = Refused.by(() -> hasty.as(INGESTER).sendMessage(ServedScene.send("wait")));

      assertThat(refused.reason()).isEqualTo("DEADLINE_EXCEEDED");
    }
  }

  @Test
  void fullAgent_turnsCallsAwayBeforePolicyIsAsked() throws InterruptedException {
    try (ServedScene small =
        new ServedScene(TestCapabilities::catalogue, ServedScene.PATIENCE, 2)) {
      small.allow(INGESTER, "wait", "echo").allow(ServedScene.STRANGER, "hold");
      A2AServiceBlockingStub caller = small.as(INGESTER);
      A2AServiceBlockingStub other = small.as(ServedScene.STRANGER);
      List<Thread> waiting =
          List.of(
              Thread.ofVirtual().start(() -> caller.sendMessage(ServedScene.send("wait"))),
              Thread.ofVirtual().start(() -> other.sendMessage(ServedScene.send("hold"))));
      await().until(() -> small.capabilities.runs.get() == 2);

      A2AServiceBlockingStub third = small.as("spiffe://agentweave.io/agent/third");
      Refused refused = Refused.by(() -> third.sendMessage(ServedScene.send("echo")));
      assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(refused.info("limit")).isEqualTo("agent_concurrency");
      assertThat(refused.detail(RetryInfo.class)).isPresent();
      assertThat(small.grants.lastAsked().call().action()).isNotEqualTo("echo");

      small.capabilities.release.countDown();
      for (Thread thread : waiting) {
        assertThat(thread.join(Duration.ofSeconds(60))).isTrue();
      }
      await().until(() -> small.admission.permitsInUse() == 0);
      caller.sendMessage(ServedScene.send("echo"));
      await().until(() -> small.admission.permitsInUse() == 0);
    }
  }

  @Test
  void drainingAgent_finishesWhatItHasBegun_andRefusesNewCalls() throws InterruptedException {
    scene.allow(INGESTER, "wait");
    Thread running = Thread.ofVirtual().start(() -> ingester.sendMessage(ServedScene.send("wait")));
    assertThat(scene.capabilities.waiting.await(60, TimeUnit.SECONDS)).isTrue();
    Thread drain = Thread.ofVirtual().start(() -> scene.server.drainAndClose(ServedScene.PATIENCE));
    await()
        .untilAsserted(
            () ->
                assertThat(
                        Refused.by(() -> ingester.sendMessage(ServedScene.send("echo"))).reason())
                    .isEqualTo("DRAINING"));
    scene.capabilities.release.countDown();

    assertThat(running.join(Duration.ofSeconds(60))).isTrue();
    assertThat(drain.join(Duration.ofSeconds(60))).isTrue();
    assertThat(scene.audit.ended().stream().map(AuditEvent.Ended::outcome))
        .contains("completed", "draining");
  }
}
