package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.TaskUpdate;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.identity.SpiffeId;
import io.agentweave.server.TaskUpdates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose handler calls another agent. */
class CallingAgentTest {
  @TempDir Path directory;
  private AgentScene scene;

  @BeforeEach
  void open() {
    scene = new AgentScene(directory);
    scene.allow(AgentScene.OPERATOR, "forward");
    scene.allow(AgentScene.id("front"), "work");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  static final class Back extends SecureAgent {
    final AtomicReference<RequestContext> seen = new AtomicReference<>();
    final CountDownLatch gate = new CountDownLatch(1);
    volatile boolean slow;
    volatile String failure = "";

    @Capability("work")
    @RequiresPeer("spiffe://agentweave.io/agent/front")
    public TaskResult work(RequestContext context) throws InterruptedException {
      seen.set(context);
      if (slow) {
        gate.await();
      }
      return failure.isEmpty() ? TaskResult.completed() : TaskResult.failed(failure);
    }
  }

  static final class Teller extends SecureAgent {
    @Capability("tell")
    @RequiresPeer("spiffe://agentweave.io/agent/front")
    public TaskResult tell(TaskUpdates updates) {
      updates.artifact("story", List.of(new Part.TextPart("once ")), false, false);
      updates.artifact("story", List.of(new Part.TextPart("upon")), true, true);
      return TaskResult.completed(new Part.TextPart("told"));
    }
  }

  static final class Front extends SecureAgent {
    final AtomicReference<RequestContext> seen = new AtomicReference<>();

    @Capability("forward")
    public TaskResult forward(RequestContext context) {
      seen.set(context);
      return call(SpiffeId.parse(AgentScene.id("back")), "work", Map.of(), AgentScene.PATIENCE);
    }
  }

  static final class Listener extends SecureAgent {
    @Capability("forward")
    public TaskResult forward() {
      List<TaskUpdate> heard = new ArrayList<>();
      TaskResult told =
          stream(
              SpiffeId.parse(AgentScene.id("back")),
              "tell",
              Map.of(),
              AgentScene.PATIENCE,
              heard::add);
      return TaskResult.completed(
          new Part.TextPart(
              heard.stream().filter(TaskUpdate.Piece.class::isInstance).count()
                  + " pieces, "
                  + told.artifacts().getFirst().parts().size()
                  + " parts"));
    }
  }

  @Test
  void whatAnotherAgentTells_isHeardPieceByPiece() {
    scene.allow(AgentScene.id("front"), "tell");
    scene.start("back", new Teller(), "tell");
    RunningAgent agent = scene.start("front", new Listener(), "forward");

    assertThat(AgentScene.answer(scene.call(agent, "forward", "{}")).messages().getFirst().parts())
        .containsExactly(new Part.TextPart("2 pieces, 2 parts"));
    assertThat(scene.audit("back")).contains("SendStreamingMessage");
    assertThat(scene.audit("front")).contains("SendStreamingMessage");
  }

  @Test
  void oneTrace_andOneDeadline_goThroughBothAgents() {
    Back back = new Back();
    Front front = new Front();
    scene.start("back", back, "work");
    RunningAgent agent = scene.start("front", front, "forward");

    assertThat(scene.call(agent, "forward", "{}", AgentScene.PATIENCE).word())
        .isEqualTo("completed");

    assertThat(back.seen.get().trace().traceId()).isEqualTo(front.seen.get().trace().traceId());
    assertThat(back.seen.get().deadline().remaining()).isLessThan(AgentScene.PATIENCE);
    assertThat(back.seen.get().caller().spiffeId()).hasToString(AgentScene.id("front"));
    assertThat(scene.audit("front")).contains("outbound").contains("inbound");
  }

  @Test
  void deadline_interruptsTheCalledHandlerAsWell() {
    Back back = new Back();
    back.slow = true;
    scene.start("back", back, "work");
    RunningAgent agent = scene.start("front", new Front(), "forward");

    // On a busy machine the first calls may end before they arrive: the next get more time.
    AtomicLong millis = new AtomicLong(600);
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> {
              Refusal refusal =
                  AgentScene.refusal(
                      scene.call(
                          agent,
                          "forward",
                          "{}",
                          Duration.ofMillis(millis.getAndUpdate(n -> Math.min(2 * n, 20_000)))));
              assertThat(refusal.kind()).isEqualTo(RefusalKind.DEADLINE_EXCEEDED);
              assertThat(scene.audit("back")).contains("deadline_exceeded");
            });
  }

  @Test
  void missingAgent_isAMissingDependency_thatMayComeBack() {
    RunningAgent back = scene.start("back", new Back(), "work");
    RunningAgent agent = scene.start("front", new Front(), "forward");
    back.close();

    assertThat(AgentScene.refusal(scene.call(agent, "forward", "{}")))
        .isInstanceOfSatisfying(
            Refusal.RefusedByPeer.class,
            r -> assertThat(r.remoteKind()).isEqualTo(RefusalKind.DEPENDENCY_UNAVAILABLE));
  }

  @Test
  void agentThatRefusesForGood_failsTheTask_withTheKind() {
    scene.start("back", new Back(), "work");
    RunningAgent agent = scene.start("front", new Front(), "forward");
    scene.policy.revoke(AgentScene.id("front"), "work");

    TaskResult result = AgentScene.answer(scene.call(agent, "forward", "{}"));

    assertThat(result.isCompleted()).isFalse();
    assertThat(result.error())
        .isEqualTo("work of spiffe://agentweave.io/agent/back was refused: denied");
  }

  @Test
  void silentPolicyOfTheCallee_isAMissingDependency() {
    scene.start("back", new Back(), "work");
    RunningAgent agent = scene.start("front", new Front(), "forward");
    scene.policy.silent("timeout");

    assertThat(AgentScene.refusal(scene.call(agent, "forward", "{}")).kind())
        .isEqualTo(RefusalKind.POLICY_UNAVAILABLE);
  }

  @Test
  void failedTask_isAnAnswer() {
    Back back = new Back();
    back.failure = "no such user";
    scene.start("back", back, "work");
    RunningAgent agent = scene.start("front", new Front(), "forward");

    assertThat(AgentScene.answer(scene.call(agent, "forward", "{}")).error())
        .isEqualTo("no such user");
  }

  @Test
  void peerThatIsNotRequired_isRefused_whateverPolicySays() {
    RunningAgent back = scene.start("back", new Back(), "work");
    scene.allow(AgentScene.OPERATOR, "work");

    assertThat(AgentScene.refusal(scene.call(back, "work", "{}")))
        .isInstanceOfSatisfying(
            Refusal.RefusedByPeer.class,
            r -> assertThat(r.remoteKind()).isEqualTo(RefusalKind.DENIED));
  }
}
