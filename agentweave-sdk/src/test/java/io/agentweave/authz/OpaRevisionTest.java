package io.agentweave.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.call.SteadyClock;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many calls that could use a permit again, and an OPA that takes its time. */
class OpaRevisionTest {
  private static final int CALLERS = 64;
  private static final String EARLIER = "a=7";

  private final MockWebServer server = new MockWebServer();
  private final AtomicLong nanoTime = new AtomicLong();
  private final Semaphore answers = new Semaphore(0);
  private final List<Asker> askers = new ArrayList<>();
  private volatile String revision = "7";
  private volatile int status = 200;
  private OpaPolicyEngine engine;

  /** A call with a permit of the earlier revision. */
  private final class Asker {
    private final CompletableFuture<Optional<Decision>> outcome = new CompletableFuture<>();
    private final Thread thread =
        Thread.ofVirtual()
            .start(() -> outcome.complete(engine.decideUnlessStill(EARLIER, Questions.granted())));

    boolean waits() {
      return thread.getState() == Thread.State.TIMED_WAITING;
    }

    boolean reuses() {
      return outcome.join().isEmpty();
    }
  }

  @BeforeEach
  void start() throws IOException {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            answers.acquire();
            return new MockResponse.Builder()
                .code(status)
                .setHeader("Content-Type", "application/json")
                .body(
                    "{\"result\": true, \"provenance\": {\"bundles\": {\"a\": {\"revision\": \"%s\"}}}}"
                        .formatted(revision))
                .build();
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
    engine = engine(Duration.ofMinutes(1));
  }

  private OpaPolicyEngine engine(Duration timeout) {
    return new OpaPolicyEngine(
        OpaConnection.to("http://127.0.0.1:" + server.getPort(), "p", timeout, null),
        OpaBreaker.closed(
            Duration.ofSeconds(1), new SteadyClock(() -> Instant.EPOCH, nanoTime::get)),
        nanoTime::get);
  }

  @AfterEach
  void stop() {
    answers.release(1_000);
    engine.close();
    server.close();
  }

  private Asker oneAsks() {
    int before = server.getRequestCount();
    var asker = new Asker();
    await().until(() -> server.getRequestCount() == before + 1);
    return asker;
  }

  private void othersCome() {
    for (int i = 1; i < CALLERS; i++) {
      askers.add(new Asker());
    }
    await().until(() -> askers.stream().allMatch(Asker::waits));
  }

  @Test
  void whoeverComesWhileOneAsks_waitsForThatAnswer() {
    Asker first = oneAsks();
    othersCome();

    answers.release();

    assertThat(first.reuses()).as("its answer is fresh").isFalse();
    assertThat(askers).allMatch(Asker::reuses);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void manyThatComeAtOnce_askOnce() {
    for (int i = 0; i < CALLERS; i++) {
      askers.add(new Asker());
    }
    await().until(() -> server.getRequestCount() > 0);
    await().until(() -> askers.stream().filter(Asker::waits).count() >= CALLERS - 1);

    answers.release(CALLERS);

    assertThat(askers).filteredOn(Asker::reuses).hasSize(CALLERS - 1);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void anAnswerThatTakesLong_isOneForThoseWhoCameBeforeItsTimeWasOver() {
    oneAsks();
    othersCome();
    nanoTime.addAndGet(OpaRevision.KNOWN_FOR.toNanos() - 1);
    var last = new Asker();
    await().until(last::waits);
    nanoTime.addAndGet(Duration.ofSeconds(10).toNanos());

    answers.release();

    assertThat(askers).allMatch(Asker::reuses);
    assertThat(last.reuses()).isTrue();
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void whoeverComesLater_doesNotTakeThatAnswer() {
    Asker first = oneAsks();
    nanoTime.addAndGet(OpaRevision.KNOWN_FOR.toNanos());

    Asker second = oneAsks();
    othersCome();
    revision = "8";
    answers.release(2 + CALLERS);

    assertThat(first.reuses()).isFalse();
    assertThat(second.reuses()).isFalse();
    assertThat(askers).noneMatch(Asker::reuses);
  }

  @Test
  void whenThePolicyHasChanged_allAreDecidedAnew() {
    oneAsks();
    othersCome();
    revision = "8";

    answers.release(CALLERS);

    assertThat(askers)
        .allSatisfy(
            asker ->
                assertThat(asker.outcome.join())
                    .hasValueSatisfying(
                        decision -> assertThat(decision.revision()).isEqualTo("a=8")));
    assertThat(server.getRequestCount()).isEqualTo(CALLERS);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 302, 404})
  void anAnswerThatIsNone_isNobodyElses(int code) {
    status = code;
    Asker first = oneAsks();
    othersCome();

    answers.release(1);
    assertThat(first.outcome.join()).containsInstanceOf(Unavailable.class);
    status = 200;
    answers.release(CALLERS);

    assertThat(askers)
        .allSatisfy(asker -> assertThat(asker.outcome.join()).containsInstanceOf(Permit.class));
  }

  @Test
  void whoAskedAndWasInterrupted_isReplacedByOneOfThoseWhoWait() {
    Asker first = oneAsks();
    othersCome();

    first.thread.interrupt();
    await().until(() -> server.getRequestCount() == 2);
    await().until(() -> askers.stream().filter(Asker::waits).count() >= CALLERS - 2);
    answers.release(CALLERS);

    assertThat(first.outcome.join())
        .hasValueSatisfying(
            decision -> assertThat(((Unavailable) decision).fault()).isEqualTo("interrupted"));
    assertThat(askers).filteredOn(Asker::reuses).hasSize(CALLERS - 2);
    assertThat(server.getRequestCount()).isEqualTo(2);
  }

  @Test
  void whoWaitsAndIsInterrupted_waitsNoMore() {
    oneAsks();
    othersCome();
    Asker impatient = askers.removeFirst();

    impatient.thread.interrupt();

    assertThat(impatient.outcome.join())
        .hasValueSatisfying(
            decision -> assertThat(((Unavailable) decision).fault()).isEqualTo("interrupted"));
    answers.release();
    assertThat(askers).allMatch(Asker::reuses);
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void aQuestionThatIsLost_costsTheOthersHalfOfTheirTime() {
    engine.close();
    engine = engine(Duration.ofSeconds(2));
    Asker lost = oneAsks();
    var other = new Asker();

    await().until(() -> server.getRequestCount() == 2);
    answers.release(2);

    assertThat(other.outcome.join()).containsInstanceOf(Permit.class);
    assertThat(lost.outcome.join()).isPresent();
  }

  @Test
  void withoutAnAnswer_nobodyWaitsLongerThanOneQuestionMayTake() {
    engine.close();
    engine = engine(Duration.ofMillis(500));
    Asker first = oneAsks();
    var second = new Asker();

    assertThat(((Unavailable) first.outcome.join().orElseThrow()).fault()).isEqualTo("timeout");
    Unavailable end = (Unavailable) second.outcome.join().orElseThrow();
    assertThat(end.fault()).isEqualTo("timeout");
    assertThat(end.detail()).contains("OPA at");
  }
}
