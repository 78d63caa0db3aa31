package io.agentweave.authz;

import static io.agentweave.authz.Questions.CLI;
import static io.agentweave.authz.Questions.INGESTER;
import static io.agentweave.authz.Questions.POLICIES;
import static io.agentweave.authz.Questions.PROCESSOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPolicyEngineTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String PATH = "pipeline/authz/processor";

  @TempDir Path bundle;

  private final AtomicLong nanoTime = new AtomicLong();

  private EmbeddedPolicyEngine open() throws IOException {
    Files.copy(POLICIES.resolve("policy.wasm"), bundle.resolve("policy.wasm"));
    write(shipped());
    return EmbeddedPolicyEngine.open(bundle, PATH, TIMEOUT, nanoTime::get);
  }

  private static String shipped() throws IOException {
    return Files.readString(POLICIES.resolve("grants.json"));
  }

  private void write(String grants) throws IOException {
    Files.writeString(bundle.resolve("grants.json"), grants);
  }

  private void aMomentPasses() {
    nanoTime.addAndGet(GrantsFile.CHECKED_EVERY.toNanos());
  }

  private static String fault(Decision decision) {
    assertThat(decision).isInstanceOf(Unavailable.class);
    return ((Unavailable) decision).fault();
  }

  @Test
  void aMissingModule_isAnErrorAtTheStart() throws Exception {
    write("{}");

    assertThatThrownBy(() -> Authorization.embeddedEngine(bundle, PATH, TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(bundle.toString())
        .hasMessageContaining("policy.wasm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "\0asm\1\0\0\0"})
  void aModuleThatIsNone_isAnErrorAtTheStart(String module) throws Exception {
    Files.writeString(bundle.resolve("policy.wasm"), module);
    write("{}");

    assertThatThrownBy(() -> Authorization.embeddedEngine(bundle, PATH, TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no module that OPA compiled");
  }

  @Test
  void missingGrants_areAnErrorAtTheStart() throws Exception {
    Files.copy(POLICIES.resolve("policy.wasm"), bundle.resolve("policy.wasm"));

    assertThatThrownBy(() -> Authorization.embeddedEngine(bundle, PATH, TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("grants.json");
  }

  /** Sparse: it takes no place on the disk. */
  @Test
  void aModuleOfManyGigabytes_isAnErrorAtTheStart() throws Exception {
    write("{}");
    try (FileChannel module =
        FileChannel.open(
            bundle.resolve("policy.wasm"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      module.write(ByteBuffer.wrap(new byte[1]), 10L << 30);
    }

    assertThatThrownBy(() -> Authorization.embeddedEngine(bundle, PATH, TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("policy.wasm has more than");
  }

  @Test
  @Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeInPlaceOfTheGrants_isUnreadable_andNobodyWaitsForIt() throws Exception {
    try (EmbeddedPolicyEngine engine = open()) {
      Files.delete(bundle.resolve("grants.json"));
      new ProcessBuilder("mkfifo", bundle.resolve("grants.json").toString()).start().waitFor();
      aMomentPasses();

      assertThat(fault(engine.decide(Questions.granted()))).isEqualTo("grants_unreadable");
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeInPlaceOfTheModuleOrItsManifest_isNotWaitedFor() throws Exception {
    for (String name : List.of("policy.wasm", "policy.wasm.sources")) {
      Files.deleteIfExists(bundle.resolve(name));
      new ProcessBuilder("mkfifo", bundle.resolve(name).toString()).start().waitFor();
    }

    assertThatThrownBy(() -> Authorization.embeddedEngine(bundle, PATH, TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("policy.wasm is not a plain file");
    assertThat(RulesManifest.in(bundle)).isEqualTo(RulesManifest.in(bundle.resolve("nowhere")));
  }

  @Test
  void anUnknownPolicyPath_isAnErrorAtTheStartThatNamesTheKnownOnes() {
    assertThatThrownBy(() -> Authorization.embeddedEngine(POLICIES, "pipeline/authz/x", TIMEOUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pipeline/authz/x/decision or pipeline/authz/x")
        .hasMessageContaining("pipeline/authz/processor/decision");
  }

  @Test
  void decisions_followTheGrants_asTheyChange() throws Exception {
    EmbeddedPolicyEngine engine = open();
    try (engine) {
      // The path may be that of the rule itself.
      assertThat(
              RulesModule.of(new RulesBytes(Files.readAllBytes(bundle.resolve("policy.wasm"))))
                  .instance(PATH + "/decision"))
          .isNotNull();
      assertThat(engine.decide(Questions.inbound(CLI, "process_event")))
          .isInstanceOfSatisfying(
              Denied.class,
              denied -> {
                assertThat(denied.reason()).isEqualTo("no_grant");
                assertThat(denied.policyId()).isEqualTo("agentweave/authz");
              });
      Decision before = engine.decide(Questions.granted());
      assertThat(before)
          .isInstanceOfSatisfying(
              Permit.class,
              permit -> {
                assertThat(permit.policyId()).isEqualTo("ingester-to-processor");
                assertThat(permit.rateClass()).isEqualTo("pipeline");
                assertThat(permit.reusableFor()).isZero();
              });
      assertThat(before.revision()).isEqualTo(engine.revision()).matches("[0-9a-f]{16}");

      write(shipped().replace("ingester-to-processor", "another-name"));
      aMomentPasses();
      Decision after = engine.decide(Questions.granted());
      assertThat(((Permit) after).policyId()).isEqualTo("another-name");
      assertThat(after.revision()).isNotEqualTo(before.revision());

      write("{\"agentweave\": {\"grants\": []}}");
      aMomentPasses();
      assertThat(engine.decide(Questions.granted())).isInstanceOf(Denied.class);

      for (String broken : List.of("", shipped().substring(0, 500), "[]", "{\"a\": 1, \"a\": 2}")) {
        write(broken);
        aMomentPasses();
        assertThat(fault(engine.decide(Questions.granted()))).isEqualTo("grants_unreadable");
        assertThat(engine.revision()).isEmpty();
      }

      Files.delete(bundle.resolve("grants.json"));
      aMomentPasses();
      assertThat(fault(engine.decide(Questions.granted()))).isEqualTo("grants_unreadable");

      write(shipped());
      aMomentPasses();
      Decision again = engine.decide(Questions.granted());
      assertThat(again).isInstanceOf(Permit.class);
      assertThat(again.revision()).isEqualTo(before.revision());

      assertThat(fault(engine.decide(Questions.inbound(INGESTER, "\ud83d"))))
          .isEqualTo("bad_input");
    }
    assertThat(fault(engine.decide(Questions.granted()))).isEqualTo("closed");
  }

  @Test
  void aGrantChangedInPlace_withTheSameSizeAndTime_isSeen() throws Exception {
    write("{\"a\": 1}");
    Path file = bundle.resolve("grants.json");
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(1)));
    Files.setLastModifiedTime(file, longAgo);
    GrantsFile grants = new GrantsFile(file, new RulesBytes(new byte[0]), nanoTime::get);
    GrantsFile.State before = grants.current();

    write("{\"a\": 2}");
    Files.setLastModifiedTime(file, longAgo);
    assertThat(grants.current()).as("not looked at yet").isSameAs(before);
    aMomentPasses();

    assertThat(grants.current()).isNotEqualTo(before);
  }

  @Test
  void whoComesWhileSomebodyLooks_waitsForTheNewGrants() throws Exception {
    write("{\"a\": 1}");
    Path file = bundle.resolve("grants.json");
    Semaphore disk = new Semaphore(1);
    GrantsFile grants =
        new GrantsFile(
            file,
            new RulesBytes(new byte[0]),
            nanoTime::get,
            (path, mostBytes) -> {
              disk.acquireUninterruptibly();
              return PlainFile.read(path, mostBytes);
            });
    GrantsFile.State before = grants.current();
    write("{\"a\": 2}");
    aMomentPasses();
    Queue<GrantsFile.State> seen = new ConcurrentLinkedQueue<>();
    List<Thread> threads =
        List.of(
            Thread.ofPlatform().daemon().start(() -> seen.add(grants.current())),
            Thread.ofPlatform().daemon().start(() -> seen.add(grants.current())));
    await()
        .until(
            () ->
                threads.stream()
                    .anyMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
    assertThat(seen).isEmpty();

    disk.release();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(seen).hasSize(2).doesNotContain(before);
    assertThat(Set.copyOf(seen)).hasSize(1);
  }

  @Test
  void grantsThatDidNotChange_areNotLoadedAgain() throws Exception {
    write("{\"a\": 1}");
    GrantsFile grants =
        new GrantsFile(bundle.resolve("grants.json"), new RulesBytes(new byte[0]), nanoTime::get);
    GrantsFile.State before = grants.current();

    write("{\"a\": 1}");
    aMomentPasses();

    assertThat(grants.current()).isSameAs(before);
  }

  @Test
  void theRevision_dependsOnModuleAndGrants() throws Exception {
    write("{\"a\": 1}");
    Path file = bundle.resolve("grants.json");
    var one = new GrantsFile(file, new RulesBytes(new byte[] {1}), nanoTime::get).current();
    var other = new GrantsFile(file, new RulesBytes(new byte[] {2}), nanoTime::get).current();

    assertThat(((GrantsFile.Grants) one).revision())
        .isNotEqualTo(((GrantsFile.Grants) other).revision());
  }

  /** Fails when instances are shared by threads: then answers belong to somebody else. */
  @Test
  void manyIdentitiesOnManyThreads_neverGetEachOthersAnswer() throws Exception {
    int identities = 32;
    StringBuilder grants = new StringBuilder("{\"agentweave\": {\"grants\": [");
    for (int i = 0; i < identities; i += 2) {
      grants
          .append(i == 0 ? "" : ",")
          .append(
              """
              {"id": "grant-%d", "caller": "spiffe://agentweave.io/agent/a%d", "callee": "%s",
               "capabilities": ["process_event"], "directions": ["inbound"], "limits": {}}
              """
                  .formatted(i, i, PROCESSOR));
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(8, Thread.ofPlatform().daemon().name("asking-", 0).factory());
    try (var engine = open()) {
      write(grants.append("]}}").toString());
      aMomentPasses();
      List<Callable<List<String>>> work = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int offset = thread * 5;
        work.add(() -> wrongAnswers(engine, identities, offset));
      }
      // Two threads in one instance may also spin for ever: then these are cancelled.
      for (var wrong : threads.invokeAll(work, 10, TimeUnit.MINUTES)) {
        assertThat(wrong.isCancelled()).isFalse();
        assertThat(wrong.get()).isEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<String> wrongAnswers(PolicyEngine engine, int identities, int offset) {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < 3 * identities; i++) {
      int who = (i + offset) % identities;
      Decision decision =
          engine.decide(Questions.inbound("spiffe://agentweave.io/agent/a" + who, "process_event"));
      String answer =
          switch (decision) {
            case Permit permit -> permit.policyId();
            case Denied denied -> denied.reason();
            case Unavailable unavailable -> unavailable.fault() + ": " + unavailable.detail();
          };
      if (!answer.equals(who % 2 == 0 ? "grant-" + who : "no_grant")) {
        wrong.add(who + " got " + answer);
      }
    }
    return wrong;
  }
}
