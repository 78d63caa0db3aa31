package io.agentweave.authz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each way for OPA to fail is called. None of them permits. */
class OpaFaultTest {
  private static final Duration TIMEOUT = Duration.ofMillis(700);

  /** For answers that come, however busy the machine is. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What would last without the timeout lasts longer than this, and nothing else does. */
  private static final Duration NOT_FOR_EVER = Duration.ofSeconds(40);

  private final MockWebServer server = new MockWebServer();
  private PolicyEngine engine;

  @BeforeEach
  void start() throws IOException {
    server.start(InetAddress.getLoopbackAddress(), 0);
    engine = engineAt("http://127.0.0.1:" + server.getPort(), PATIENCE);
  }

  @AfterEach
  void stop() {
    engine.close();
    server.close();
  }

  private static PolicyEngine engineAt(String endpoint) {
    return engineAt(endpoint, TIMEOUT);
  }

  private static PolicyEngine engineAt(String endpoint, Duration timeout) {
    return Authorization.opaEngine(endpoint, "agentweave/authz", timeout, null);
  }

  private static MockResponse.Builder json(String body) {
    return new MockResponse.Builder().setHeader("Content-Type", "application/json").body(body);
  }

  private String faultAfter(MockResponse.Builder answer) {
    server.enqueue(answer.build());
    return faultOf(engine.decide(Questions.granted()));
  }

  /** With little patience. */
  private String faultSoonAfter(MockResponse.Builder answer) {
    server.enqueue(answer.build());
    try (PolicyEngine hasty = engineAt("http://127.0.0.1:" + server.getPort())) {
      return faultOf(hasty.decide(Questions.granted()));
    }
  }

  private static String faultOf(Decision decision) {
    assertThat(decision).isInstanceOf(Unavailable.class);
    return ((Unavailable) decision).fault();
  }

  private static Duration timed(Runnable work) {
    long before = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - before);
  }

  @Test
  void nobodyListening() {
    server.close();

    assertThat(faultOf(engine.decide(Questions.granted()))).isEqualTo("refused");
  }

  @Test
  void aConnectionThatIsReset() {
    assertThat(
            faultAfter(json("{\"result\": true}").onResponseStart(new SocketEffect.CloseSocket())))
        .isEqualTo("reset");
  }

  @Test
  void silence_endsAtTheTimeout() {
    assertThat(
            timed(
                () ->
                    assertThat(
                            faultSoonAfter(json("").onResponseStart(SocketEffect.Stall.INSTANCE)))
                        .isEqualTo("timeout")))
        .isBetween(TIMEOUT.minusMillis(50), NOT_FOR_EVER);
  }

  @Test
  void aDripOfOneByteASecond_endsAtTheTimeout() {
    assertThat(
            timed(
                () ->
                    assertThat(
                            faultSoonAfter(
                                json("{\"result\": true}" + " ".repeat(200))
                                    .throttleBody(1, 1, TimeUnit.SECONDS)))
                        .isEqualTo("timeout")))
        .isLessThan(NOT_FOR_EVER);
  }

  @Test
  void aTlsHandshakeWithoutAnAnswer_endsAtTheTimeout() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var slow = engineAt("https://127.0.0.1:" + silent.getLocalPort())) {
      assertThat(
              timed(
                  () -> assertThat(faultOf(slow.decide(Questions.granted()))).isEqualTo("timeout")))
          .isLessThan(NOT_FOR_EVER);
    }
  }

  @Test
  void plainTextWhereTlsIsSpoken() throws IOException {
    try (var plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var confused = engineAt("https://127.0.0.1:" + plain.getLocalPort(), PATIENCE)) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                try (var socket = plain.accept()) {
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(faultOf(confused.decide(Questions.granted()))).isEqualTo("tls");
    }
  }

  @Test
  void aHostThatNobodyKnows() {
    try (var lost = engineAt("http://opa.invalid:8181")) {
      assertThat(faultOf(lost.decide(Questions.granted()))).isIn("unknown_host", "timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 400, 401, 403, 404, 429, 500, 503})
  void anotherStatusThan200_whateverTheBodySays(int status) {
    MockResponse.Builder answer = json(status == 204 ? "" : "{\"result\": true}").code(status);

    assertThat(faultAfter(answer)).isEqualTo("http_" + status);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirect_isNotFollowed(int status) {
    server.enqueue(json("").code(status).setHeader("Location", "/v1/data/yes").build());
    server.enqueue(json("{\"result\": true}").build());

    assertThat(faultOf(engine.decide(Questions.granted()))).isEqualTo("redirect");
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>allowed</html>", "{\"result\": tru", "{\"result\": true} {}"})
  void anAnswerThatIsNoJson(String body) {
    assertThat(faultAfter(json(body))).isEqualTo("not_json");
  }

  @Test
  void aKeyThatComesTwice_isNoJson() {
    assertThat(faultAfter(json("{\"result\": false, \"result\": true}"))).isEqualTo("not_json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "true", "{\"result\": \"yes\"}", "{\"result\": {\"allow\": 1}}"})
  void anAnswerOfAWrongType(String body) {
    assertThat(faultAfter(json(body))).isEqualTo("wrong_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "text/plain", "application/jsonp", "nonsense"})
  void anAnswerOfAnotherContentType(String contentType) {
    assertThat(faultAfter(json("{\"result\": true}").setHeader("Content-Type", contentType)))
        .isEqualTo("wrong_content_type");
  }

  @Test
  void anAnswerWithoutContentType() {
    assertThat(faultAfter(json("{\"result\": true}").removeHeader("Content-Type")))
        .isEqualTo("wrong_content_type");
  }

  @Test
  void anAnswerThatIsCompressedUnasked() {
    assertThat(faultAfter(json("{\"result\": true}").setHeader("Content-Encoding", "gzip")))
        .isEqualTo("wrong_content_type");
  }

  @Test
  void anAnswerThatBreaksOff() {
    assertThat(
            faultAfter(
                json("{\"result\": true}" + " ".repeat(5000))
                    .onResponseBody(new SocketEffect.CloseSocket())))
        .isEqualTo("truncated");
  }

  @Test
  void anAnswerOf100MebibytesInChunks_isNotReadToItsEnd() {
    Buffer huge = new Buffer();
    byte[] mebibyte = " ".repeat(1 << 20).getBytes(UTF_8);
    for (int i = 0; i < 100; i++) {
      huge.write(mebibyte);
    }

    assertThat(
            timed(
                () ->
                    assertThat(faultAfter(json("").chunkedBody(huge, 1 << 16)))
                        .isEqualTo("too_large")))
        .isLessThan(PATIENCE);
  }

  @Test
  void anAnswerThatAnnouncesTooMuch_isNotRead() {
    assertThat(faultAfter(json(" ".repeat(OpaExchange.MAX_ANSWER_BYTES + 1))))
        .isEqualTo("too_large");
  }

  @Test
  void anAnswerOfExactlyTheLimit_isRead() {
    String result = "{\"result\": false}";
    server.enqueue(
        json(result + " ".repeat(OpaExchange.MAX_ANSWER_BYTES - result.length())).build());

    assertThat(engine.decide(Questions.granted())).isInstanceOf(Denied.class);
  }

  @Test
  void aCallThatIsInterrupted_staysInterrupted() {
    server.enqueue(json("").onResponseStart(SocketEffect.Stall.INSTANCE).build());
    Thread.currentThread().interrupt();

    Decision decision = engine.decide(Questions.granted());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(faultOf(decision)).isEqualTo("interrupted");
  }

  /** Where the thread waits when it is interrupted: for the head of the answer, or for the rest. */
  static List<MockResponse> answersThatDoNotEnd() {
    return List.of(
        json("").onResponseStart(SocketEffect.Stall.INSTANCE).build(),
        json("{\"result\": true}").onResponseBody(SocketEffect.Stall.INSTANCE).build());
  }

  @ParameterizedTest
  @MethodSource("answersThatDoNotEnd")
  void callsThatAreCancelledWhileOpaIsAsked_areNotItsFault(MockResponse endless) throws Exception {
    for (int i = 1; i <= 20; i++) {
      server.enqueue(endless);
      int asked = i;
      var fault = new CompletableFuture<String>();
      Thread caller =
          Thread.ofVirtual()
              .start(() -> fault.complete(faultOf(engine.decide(Questions.granted()))));
      await().until(() -> server.getRequestCount() == asked);

      caller.interrupt();

      assertThat(fault.get()).isEqualTo("interrupted");
    }
    server.enqueue(json("{\"result\": true}").build());

    assertThat(engine.decide(Questions.granted())).isInstanceOf(Permit.class);
  }

  @Test
  void aBurst_isAskedNoMoreThanSoManyAtOnce() throws Exception {
    int burst = 3 * OpaExchange.MAX_AT_ONCE;
    OneByOne opa = new OneByOne();
    server.setDispatcher(opa);
    try (PolicyEngine patient =
        engineAt("http://127.0.0.1:" + server.getPort(), Duration.ofMinutes(10))) {
      List<Callable<Decision>> calls =
          Collections.nCopies(burst, () -> patient.decide(Questions.granted()));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var decision : threads.invokeAll(calls)) {
          assertThat(decision.get()).isInstanceOf(Denied.class);
        }
      }
    }

    assertThat(opa.most).hasValue(OpaExchange.MAX_AT_ONCE);
    assertThat(server.getRequestCount()).isEqualTo(burst);
  }

  /** Answers nobody before as many ask at once as may. */
  private static final class OneByOne extends Dispatcher {
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch full = new CountDownLatch(OpaExchange.MAX_AT_ONCE);

    @Override
    public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      full.countDown();
      full.await();
      inside.decrementAndGet();
      return json("{\"result\": false}").build();
    }
  }

  @Test
  void aBurstAtASilentOpa_endsAtTheTimeout_andLeavesItAlone() throws Exception {
    Silence opa = new Silence();
    server.setDispatcher(opa);
    OpaExchange exchange =
        OpaConnection.to("http://127.0.0.1:" + server.getPort(), "agentweave/authz", TIMEOUT, null);
    try (PolicyEngine stopped =
        new OpaPolicyEngine(exchange, OpaBreaker.closed(Duration.ofHours(1)), System::nanoTime)) {
      List<Callable<String>> calls =
          Collections.nCopies(
              3 * OpaExchange.MAX_AT_ONCE, () -> faultOf(stopped.decide(Questions.granted())));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var fault : threads.invokeAll(calls)) {
          assertThat(fault.get()).isIn("timeout", "busy", "breaker_open");
        }
      }

      PolicyInput later = Questions.in(Questions.granted(), "later");
      assertThat(faultOf(stopped.decide(later))).isEqualTo("breaker_open");
      // Of the burst, OPA may still be reading.
      assertThat(opa.asked).noneMatch(question -> question.contains("later"));
    }
  }

  private static final class Silence extends Dispatcher {
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      asked.add(Objects.requireNonNull(request.getBody()).utf8());
      return json("").onResponseStart(SocketEffect.Stall.INSTANCE).build();
    }
  }

  @Test
  void aClosedEngine() {
    engine.close();

    assertThat(faultOf(engine.decide(Questions.granted()))).isEqualTo("closed");
  }

  @Test
  void anInputThatIsNoText_isNotSent() {
    Decision decision = engine.decide(Questions.inbound(Questions.INGESTER, "\ud83d"));

    assertThat(faultOf(decision)).isEqualTo("bad_input");
    assertThat(server.getRequestCount()).isZero();
  }
}
