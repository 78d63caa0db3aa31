package io.agentweave.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsEndpointTest {

  private static final Readiness READY =
      new Readiness(List.of(new Readiness.Check("identity", true, "expires in 3600 s")));

  private final Telemetry telemetry =
      Telemetry.start(CollectedSpans.settings(1.0), new CollectedSpans());
  private final AtomicReference<Supplier<Readiness>> readiness = new AtomicReference<>(() -> READY);
  private final HttpClient client = HttpClient.newHttpClient();
  private MetricsEndpoint endpoint;

  MetricsEndpointTest() throws IOException {
    endpoint = open(0);
  }

  private MetricsEndpoint open(int port) throws IOException {
    return MetricsEndpoint.open("127.0.0.1", port, telemetry, () -> readiness.get().get());
  }

  @BeforeEach
  void count() {
    telemetry.count(AgentMeter.AUDIT_UNWRITABLE, 1);
  }

  @AfterEach
  void close() {
    endpoint.close();
    telemetry.close();
    client.close();
  }

  private HttpResponse<String> request(String method, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void metrics_areInThePrometheusFormat() throws Exception {
    HttpResponse<String> response = request("GET", "/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body()).contains("agentweave_audit_unwritable_total 1.0");
  }

  @Test
  void metrics_areInOpenMetricsForThoseWhoAskForIt() throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + "/metrics");
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(uri)
                .header(
                    "Accept", "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.headers().firstValue("content-type"))
        .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(response.headers().firstValue("vary")).contains("Accept");
    assertThat(response.body())
        .contains("agentweave_audit_unwritable_total 1.0")
        .endsWith("# EOF\n");
  }

  @Test
  void readyAgent_saysSoWithItsChecks() throws Exception {
    assertThat(request("GET", "/health/live").body()).isEqualTo("{\"status\":\"live\"}");
    assertThat(request("GET", "/health/ready").statusCode()).isEqualTo(200);
    assertThat(request("GET", "/health/ready").body())
        .isEqualTo(
            "{\"status\":\"ready\",\"checks\":[{\"name\":\"identity\",\"ready\":true,"
                + "\"detail\":\"expires in 3600 s\"}]}");
  }

  @Test
  void agentThatIsNotReady_answers503WithTheReason() throws Exception {
    readiness.set(() -> new Readiness(List.of(new Readiness.Check("audit", false, "disk full"))));
    HttpResponse<String> response = request("GET", "/health/ready");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("not_ready").contains("disk full");
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void failingReadiness_isAnErrorAndLeavesTheEndpointAlive() throws Exception {
    readiness.set(
        () -> {
          throw new IllegalStateException("broken");
        });
    assertThat(request("GET", "/health/ready").statusCode()).isEqualTo(500);
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/metrics/", "/metricsx", "/health", "/health/ready/../x", "/..;/"})
  void otherPaths_areNotFound(String path) throws Exception {
    assertThat(request("GET", path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void otherMethods_areNotAllowed(String method) throws Exception {
    HttpResponse<String> response = request(method, "/metrics");
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).contains("GET, HEAD");
  }

  @Test
  void head_hasNoBody() throws Exception {
    HttpResponse<String> response = request("HEAD", "/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void takenPort_isNamed() {
    int port = endpoint.address().getPort();
    assertThatThrownBy(() -> open(port))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("observability.metrics.port")
        .hasMessageContaining("127.0.0.1:" + port)
        .hasMessageContaining("in use");
  }

  @Test
  void hostWithoutAddress_isNamed() {
    assertThatThrownBy(
            () -> MetricsEndpoint.open("no.such.host.invalid", 0, telemetry, () -> READY))
        .isInstanceOf(IOException.class)
        .hasMessage("observability.metrics.host: no address is known for no.such.host.invalid");
  }

  @Test
  void connectionsThatSayNothing_keepNobodyOut() throws Exception {
    List<Socket> silent = IntStream.range(0, 100).mapToObj(i -> connect()).toList();
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(200);
    for (Socket socket : silent) {
      socket.close();
    }
  }

  private Socket connect() {
    try {
      Socket socket = new Socket(endpoint.address().getAddress(), endpoint.address().getPort());
      socket.getOutputStream().write("GET /metr".getBytes(UTF_8));
      return socket;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void moreRequestsThanItAnswersAtOnce_areTurnedAway() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(16);
    readiness.set(
        () -> {
          reached.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return READY;
        });
    List<Thread> waiting =
        IntStream.range(0, 16).mapToObj(i -> Thread.startVirtualThread(this::askQuietly)).toList();
    reached.await();
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(503);
    release.countDown();
    for (Thread thread : waiting) {
      thread.join();
    }
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(200);
  }

  private void askQuietly() {
    try {
      request("GET", "/health/ready");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
