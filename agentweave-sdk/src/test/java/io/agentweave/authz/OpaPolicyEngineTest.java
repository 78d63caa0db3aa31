package io.agentweave.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentweave.call.SteadyClock;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpaPolicyEngineTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration OPEN_FOR = Duration.ofSeconds(1);

  private final MockWebServer server = new MockWebServer();
  private final AtomicLong nanoTime = new AtomicLong();
  private OpaPolicyEngine engine;

  @BeforeEach
  void start() throws IOException {
    server.start(InetAddress.getLoopbackAddress(), 0);
    engine = engine(TIMEOUT);
  }

  private OpaPolicyEngine engine(Duration timeout) {
    return new OpaPolicyEngine(
        OpaConnection.to(
            "http://127.0.0.1:" + server.getPort(), "pipeline/authz/processor", timeout, null),
        OpaBreaker.closed(OPEN_FOR, new SteadyClock(() -> Instant.EPOCH, nanoTime::get)),
        nanoTime::get);
  }

  @AfterEach
  void stop() {
    engine.close();
    server.close();
  }

  private void answers(String body) {
    server.enqueue(
        new MockResponse.Builder()
            .setHeader("Content-Type", "application/json")
            .body(body)
            .build());
  }

  private Decision asked() {
    return engine.decide(Questions.granted());
  }

  @Test
  void theQuestion_isPostedToThePolicyPathWithTheDocumentAsInput() throws Exception {
    answers("{\"result\": false}");

    asked();

    RecordedRequest request = server.takeRequest();
    assertThat(request.getMethod()).isEqualTo("POST");
    assertThat(request.getTarget()).isEqualTo("/v1/data/pipeline/authz/processor?provenance=true");
    assertThat(request.getHeaders().get("Content-Type")).startsWith("application/json");
    assertThat(
            new ObjectMapper()
                .readTree(Objects.requireNonNull(request.getBody()).toByteArray())
                .at("/input/action")
                .textValue())
        .isEqualTo("process_event");
  }

  @Test
  void anEmptyObject_isDeniedAsUndefined() {
    answers("{}");

    assertThat(asked())
        .isInstanceOfSatisfying(
            Denied.class, denied -> assertThat(denied.reason()).isEqualTo("undefined"));
  }

  @Test
  void eachDecision_hasAnIdOfItsOwnThatSortsByTime() {
    answers("{\"result\": true}");
    answers("{\"result\": true}");

    String first = asked().id();
    await().until(() -> DecisionId.next().substring(0, 13).compareTo(first.substring(0, 13)) > 0);
    String second = asked().id();

    assertThat(first)
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(second).isGreaterThan(first);
  }

  @Test
  void thePolicyPackageItself_permitsWithExtraFields() {
    answers(
        """
        {"decision_id": "x", "result": {"allow": true, "reason": "granted", "policy_id": "g",
         "decision": {"allow": true}}, "warning": {"code": "w"}}
        """);

    assertThat(asked()).isInstanceOf(Permit.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"result\": true}",
        "{\"result\": true, \"provenance\": {\"version\": \"1\"}}",
        "{\"result\": true, \"provenance\": {\"bundles\": {}}}",
        "{\"result\": true, \"provenance\": {\"bundles\": {\"a\": {}}}}",
        "{\"result\": true, \"provenance\": {\"bundles\": {\"a\": {\"revision\": \"\"}, \"b\":"
            + " {\"revision\": \"2\"}}}}",
        "{\"result\": true, \"provenance\": {\"bundles\": \"a\"}}",
        "{\"result\": true, \"provenance\": 7}"
      })
  void withoutARevisionOfEveryBundle_thereIsNone(String body) {
    answers(body);

    assertThat(asked().revision()).isEmpty();
    assertThat(engine.revision()).isEmpty();
  }

  private static String withRevision(String revision) {
    return "{\"result\": true, \"provenance\": {\"bundles\": {\"b\": {\"revision\": \"%s\"}, \"a\": {\"revision\": \"1\"}}}}"
        .formatted(revision);
  }

  @Test
  void theRevision_isThatOfAllBundles() {
    answers(withRevision("7"));

    assertThat(asked().revision()).isEqualTo("a=1,b=7");
    assertThat(engine.revision()).isEqualTo("a=1,b=7");
  }

  @Test
  void theRevision_isForgottenAfterAMoment() {
    answers(withRevision("7"));
    asked();

    nanoTime.addAndGet(OpaRevision.KNOWN_FOR.toNanos() - 1);
    assertThat(engine.revision()).isEqualTo("a=1,b=7");
    nanoTime.incrementAndGet();
    assertThat(engine.revision()).isEmpty();
  }

  @Test
  void beforeTheFirstAnswer_thereIsNoRevision() {
    assertThat(engine.revision()).isEmpty();
  }

  @Test
  void aDeadOpa_costsOnlyTheFirstCallsTheirTimeout() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build();
          }
        });
    try (OpaPolicyEngine hasty = engine(Duration.ofMillis(300))) {
      for (int i = 0; i < 5; i++) {
        assertThat(((Unavailable) hasty.decide(Questions.granted())).fault()).isEqualTo("timeout");
      }

      // Nobody waits: whoever asked would be told of a timeout.
      for (int i = 0; i < 100; i++) {
        assertThat(((Unavailable) hasty.decide(Questions.granted())).fault())
            .isEqualTo("breaker_open");
      }
      assertThat(server.getRequestCount()).isLessThanOrEqualTo(5);
      nanoTime.addAndGet(OPEN_FOR.toNanos() + 1);
      assertThat(((Unavailable) hasty.decide(Questions.granted())).fault()).isEqualTo("timeout");
    }
  }

  @Test
  void anOpaThatComesBack_isAskedAgain() {
    for (int i = 0; i < 5; i++) {
      server.enqueue(
          new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
      asked();
    }
    answers("{\"result\": true}");
    nanoTime.addAndGet(OPEN_FOR.toNanos());
    assertThat(((Unavailable) asked()).fault()).isEqualTo("breaker_open");

    nanoTime.incrementAndGet();
    assertThat(asked()).isInstanceOf(Permit.class);
  }

  @Test
  void answersThatMakeNoSense_doNotStopTheOthers() {
    for (int i = 0; i < 20; i++) {
      server.enqueue(new MockResponse.Builder().code(500).build());
      answers("{\"result\": 7}");
      assertThat(((Unavailable) asked()).fault()).isEqualTo("http_500");
      assertThat(((Unavailable) asked()).fault()).isEqualTo("wrong_type");
    }
    answers("{\"result\": true}");

    assertThat(asked()).isInstanceOf(Permit.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:8181",
        "ftp://localhost",
        "http://",
        "http://user:secret@localhost:8181",
        "http://localhost:8181?x=1",
        "http://localhost:8181#x"
      })
  void anEndpointThatMakesNoSense_isRefusedAtTheStart(String endpoint) {
    assertThatThrownBy(() -> Authorization.opaEngine(endpoint, "a/b", TIMEOUT, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the OPA endpoint must")
        .hasMessageNotContaining("secret");
  }
}
