package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.a2a.TaskResult;
import io.agentweave.authz.PolicyInput;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Direction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lets an agent serve many calls with few threads and few questions. */
class ServingManyTest {
  @TempDir Path directory;
  private AgentScene scene;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void open() {
    scene = new AgentScene(directory).allow(AgentScene.OPERATOR, "meet");
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    scene.close();
  }

  /** Its handlers wait for each other. */
  static final class Meeting extends SecureAgent {
    private final CyclicBarrier all;

    Meeting(int parties) {
      all = new CyclicBarrier(parties);
    }

    @Capability("meet")
    public String meet(String name) throws Exception {
      all.await();
      return name;
    }
  }

  /** A handler that pinned its carrier while it waits would leave none for those it waits for. */
  @Test
  void handlersThatWait_holdNoThreadOfTheSystem() throws Exception {
    int many = 8 * Runtime.getRuntime().availableProcessors();
    RunningAgent agent = scene.start("meeting", new Meeting(many), "meet");

    List<Future<CallOutcome<TaskResult>>> calls = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      calls.add(threads.submit(() -> scene.call(agent, "meet", "{\"name\":\"x\"}")));
    }

    for (Future<CallOutcome<TaskResult>> call : calls) {
      assertThat(AgentScene.data(AgentScene.answer(call.get()))).isEqualTo("\"x\"");
    }
  }

  /** The engine knows best whether its policy is still the same, and may ask for all at once. */
  @Test
  void permitThatMayBeReused_isHeldAgainstTheGivenEngine() {
    scene.policy.reusableFor(Duration.ofMinutes(1));
    RunningAgent agent = scene.start("meeting", new Meeting(1), "meet");

    for (int i = 0; i < 3; i++) {
      AgentScene.answer(scene.call(agent, "meet", "{\"name\":\"x\"}"));
    }

    assertThat(scene.policy.asked())
        .filteredOn(ServingManyTest::isInbound)
        .as("decided once, then used again")
        .hasSize(1);
    assertThat(scene.policy.askedWhetherStill()).filteredOn(ServingManyTest::isInbound).hasSize(2);
  }

  private static boolean isInbound(PolicyInput input) {
    return input.call().direction() == Direction.INBOUND;
  }
}
