package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.deadletter.DeadLetters;
import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterReplayTest {
  private static final String CALLER = AgentScene.id("front");

  @TempDir Path directory;
  private AgentScene scene;
  private final Keeper keeper = new Keeper();
  private RunningAgent agent;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Keeps events, when it can. */
  static final class Keeper extends SecureAgent {
    final List<String> kept = new CopyOnWriteArrayList<>();
    volatile boolean failing = true;
    volatile CountDownLatch gate = new CountDownLatch(0);

    @Capability("keep")
    public TaskResult keep(@NotBlank String event, RequestContext context)
        throws InterruptedException {
      gate.await();
      if (failing) {
        deadLetter(context, context.payload(), "store", "dependency_unavailable", "no disk");
        return TaskResult.failed("not kept");
      }
      kept.add(event);
      return TaskResult.completed();
    }

    @Capability("keep_all")
    public TaskResult keepAll(List<String> events, RequestContext context) {
      deadLetters()
          .addAll(
              events.stream()
                  .map(
                      event ->
                          letter(
                              context,
                              "keep",
                              Payload.ofJson("{\"event\":\"" + event + "\"}"),
                              "store",
                              "invalid",
                              "batch"))
                  .toList());
      return TaskResult.failed("none kept");
    }

    @Capability("keep_or_die")
    public TaskResult keepOrDie(RequestContext context) {
      if (failing) {
        deadLetter(context, context.payload(), "store", "broken", "died");
        return TaskResult.failed("died");
      }
      throw new IllegalStateException("still dying");
    }
  }

  @BeforeEach
  void open() {
    scene = new AgentScene(directory);
    scene.allow(
        AgentScene.OPERATOR,
        "keep",
        "keep_all",
        "keep_or_die",
        "dlq_list",
        "dlq_show",
        "dlq_replay",
        "dlq_discard");
    agent = scene.start("keeper", keeper, "keep", "keep_all", "keep_or_die");
  }

  @AfterEach
  void close() {
    threads.shutdownNow();
    scene.close();
  }

  private DeadLetter onlyLetter() {
    return assertThat(scene.letters.list(Optional.empty(), 10)).singleElement().actual();
  }

  private DeadLetter fail() {
    assertThat(AgentScene.answer(scene.call(agent, "keep", "{\"event\":\"e1\"}")).error())
        .isEqualTo("not kept");
    return onlyLetter();
  }

  private TaskResult replay(String id) {
    return AgentScene.answer(scene.call(agent, "dlq_replay", "{\"id\":\"" + id + "\"}"));
  }

  @Test
  void letterKnowsWhereItCameFrom() {
    DeadLetter letter = fail();

    assertThat(letter.origin().callerSpiffeId()).isEqualTo(AgentScene.OPERATOR);
    assertThat(letter.origin().capability()).isEqualTo("keep");
    assertThat(letter.origin().agent()).isEqualTo("keeper");
    assertThat(scene.audit("keeper"))
        .contains(letter.origin().decisionId())
        .contains(letter.origin().requestId());
    assertThat(letter.origin().traceId()).hasSize(32);
  }

  @Test
  void replay_runsTheCapabilityAgain_andSettlesTheLetter() {
    DeadLetter letter = fail();
    keeper.failing = false;

    TaskResult result = replay(letter.id());

    assertThat(result.isCompleted()).isTrue();
    assertThat(AgentScene.data(result)).contains("\"status\":\"replayed\"");
    assertThat(keeper.kept).containsExactly("e1");
    assertThat(onlyLetter().status()).isEqualTo(DeadLetter.Status.REPLAYED);
    assertThat(replay(letter.id()).error()).contains("is replayed already");
    assertThat(keeper.kept).containsExactly("e1");
  }

  @Test
  void concurrentReplays_runTheHandlerOnce() throws Exception {
    DeadLetter letter = fail();
    keeper.failing = false;
    keeper.gate = new CountDownLatch(1);
    List<Future<TaskResult>> replays =
        IntStream.range(0, 8).mapToObj(i -> threads.submit(() -> replay(letter.id()))).toList();
    await().until(() -> replays.stream().filter(Future::isDone).count() == 7);
    keeper.gate.countDown();
    int completed = 0;
    for (Future<TaskResult> replay : replays) {
      TaskResult result = replay.get(60, TimeUnit.SECONDS);
      if (result.isCompleted()) {
        completed++;
      } else {
        assertThat(result.error()).contains("is being replayed right now");
      }
    }

    assertThat(completed).isEqualTo(1);
    assertThat(keeper.kept).containsExactly("e1");
  }

  @Test
  void failingReplay_keepsTheLetterOpen_andMakesNoSecondOne() {
    DeadLetter letter = fail();

    assertThat(replay(letter.id()).error()).contains("failed again: not kept");

    assertThat(onlyLetter())
        .satisfies(
            again -> {
              assertThat(again.status()).isEqualTo(DeadLetter.Status.OPEN);
              assertThat(again.attempts()).isEqualTo(2);
              assertThat(again.reason()).isEqualTo("dependency_unavailable");
            });
  }

  @Test
  void throwingReplay_keepsTheLetterOpen() {
    AgentScene.answer(scene.call(agent, "keep_or_die", "{}"));
    keeper.failing = false;

    assertThat(replay(onlyLetter().id()).error()).contains("broken");

    assertThat(onlyLetter().status()).isEqualTo(DeadLetter.Status.OPEN);
    assertThat(onlyLetter().reason()).isEqualTo("broken");
    assertThat(onlyLetter().attempts()).isEqualTo(2);
  }

  @Test
  void originalCallerWithoutTheRightAnyMore_isDenied_andTheAuditNamesIt() {
    DeadLetter letter = fail();
    keeper.failing = false;
    scene.policy.revoke(AgentScene.OPERATOR, "keep");

    TaskResult result = replay(letter.id());

    assertThat(result.error()).contains("denied").contains("not_granted");
    assertThat(keeper.kept).isEmpty();
    assertThat(onlyLetter().reason()).isEqualTo("denied");
    assertThat(onlyLetter().status()).isEqualTo(DeadLetter.Status.OPEN);
    String decision =
        String.valueOf(result.error()).replaceAll("(?s).*\\(decision ([^)]+)\\).*", "$1");
    assertThat(scene.audit("keeper")).contains(decision);
  }

  @Test
  void rightOfTheOperatorToTheCapability_doesNotHelp_whenTheCallerHasNone() {
    DeadLetter letter = fail();
    DeadLetter foreign =
        new DeadLetter(
            letter.id().replace('0', '1'),
            letter.content(),
            letter.contentSha256(),
            letter.stage(),
            letter.reason(),
            letter.detail(),
            new DeadLetter.Origin("keeper", "keep", CALLER, "aa", "r", "d", "p", null),
            1,
            letter.firstFailedAt(),
            letter.lastFailedAt(),
            DeadLetter.Status.OPEN);
    scene.letters.add(foreign);
    keeper.failing = false;

    assertThat(replay(foreign.id()).error()).contains(CALLER + " may not call keep now");
    assertThat(keeper.kept).isEmpty();

    scene.allow(CALLER, "keep");
    assertThat(replay(foreign.id()).isCompleted()).isTrue();
  }

  @Test
  void replacedData_isUsedInstead_andCheckedLikeAnyOther() {
    DeadLetter letter = fail();
    keeper.failing = false;

    TaskResult bad =
        AgentScene.answer(
            scene.call(
                agent,
                "dlq_replay",
                "{\"id\":\"" + letter.id() + "\",\"data\":{\"event\":\" \"}}"));
    assertThat(bad.error()).contains("invalid").contains("event");
    assertThat(onlyLetter().reason()).isEqualTo("invalid");

    TaskResult good =
        AgentScene.answer(
            scene.call(
                agent,
                "dlq_replay",
                "{\"id\":\"" + letter.id() + "\",\"data\":{\"event\":\"mended\"}}"));
    assertThat(good.isCompleted()).isTrue();
    assertThat(keeper.kept).containsExactly("mended");
  }

  @Test
  void eventOfABatch_isReplayedByItself() {
    AgentScene.answer(scene.call(agent, "keep_all", "{\"events\":[\"a\",\"b\"]}"));
    keeper.failing = false;

    List<DeadLetter> letters = scene.letters.list(Optional.empty(), 10);
    assertThat(letters).hasSize(2);
    assertThat(replay(letters.getFirst().id()).isCompleted()).isTrue();
    assertThat(keeper.kept).containsExactly("b");
  }

  @Test
  void listAndShow_tellEverything_andDiscardIsFinal() {
    DeadLetter letter = fail();

    assertThat(AgentScene.data(AgentScene.answer(scene.call(agent, "dlq_list", "{}"))))
        .contains("\"open\":1")
        .contains(letter.id())
        .doesNotContain("\"e1\"")
        .doesNotContain("\"content\"");
    assertThat(
            AgentScene.data(
                AgentScene.answer(
                    scene.call(agent, "dlq_show", "{\"id\":\"" + letter.id() + "\"}"))))
        .contains("\"content\":{\"event\":\"e1\"}")
        .contains(letter.origin().decisionId());
    assertThat(
            AgentScene.answer(scene.call(agent, "dlq_discard", "{\"id\":\"" + letter.id() + "\"}"))
                .isCompleted())
        .isTrue();
    assertThat(replay(letter.id()).error()).contains("is discarded already");
    assertThat(
            AgentScene.data(
                AgentScene.answer(scene.call(agent, "dlq_list", "{\"status\":\"open\"}"))))
        .contains("\"dead_letters\":[]");
    assertThat(
            AgentScene.answer(scene.call(agent, "dlq_show", "{\"id\":\"nobody\"}")).isCompleted())
        .isFalse();
  }

  @Test
  void listOfLongLetters_isBoundedInBytesAndSaysThatThereAreMore() {
    DeadLetters maker = new DeadLetters(InstantSource.system());
    DeadLetter.Origin origin = fail().origin();
    for (int i = 0; i < 600; i++) {
      scene.letters.add(
          maker.letter(Payload.empty(), "validate", "invalid", "\"".repeat(20_000), origin));
    }

    String page =
        AgentScene.data(AgentScene.answer(scene.call(agent, "dlq_list", "{\"limit\":1000}")));
    assertThat(page.length()).isBetween(900_000, 1_100_000);
    assertThat(page).contains("\"open\":601", "\"more\":true");
  }

  @Test
  void letterThatCannotBeKept_refusesTheCaller() {
    scene.letters.broken(true);

    CallOutcome<TaskResult> outcome = scene.call(agent, "keep", "{\"event\":\"e1\"}");

    assertThat(AgentScene.refusal(outcome))
        .isInstanceOfSatisfying(
            Refusal.RefusedByPeer.class,
            r -> assertThat(r.remoteKind()).isEqualTo(RefusalKind.DEPENDENCY_UNAVAILABLE));
  }

  @Test
  void operatorWithoutTheRight_seesNothing() {
    scene.policy.revoke(AgentScene.OPERATOR, "dlq_list");

    assertThat(AgentScene.refusal(scene.call(agent, "dlq_list", "{}")).kind())
        .isEqualTo(RefusalKind.DENIED);
  }
}
