package io.agentweave.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.call.Direction;
import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** Spans in the real Jaeger, over TLS. */
class JaegerTest {
  private static final int OTLP = 4317;
  private static final int QUERY = 16686;

  @TempDir static Path folder;

  private static GenericContainer<?> jaeger;

  @BeforeAll
  static void start() throws Exception {
    Parts.certificates(folder);
    jaeger =
        Parts.of("jaegertracing/jaeger")
            .withFileSystemBind(folder.toString(), "/run/tls", BindMode.READ_ONLY)
            .withFileSystemBind(
                Parts.ROOT.resolve("deploy/jaeger/jaeger.yaml").toString(),
                "/etc/jaeger/jaeger.yaml",
                BindMode.READ_ONLY)
            .withCommand("--config", "file:/etc/jaeger/jaeger.yaml")
            .withCreateContainerCmdModifier(command -> command.withUser("0:0"))
            .withExposedPorts(OTLP, QUERY)
            .waitingFor(
                Wait.forHttp("/api/services").forPort(QUERY).withStartupTimeout(Parts.START));
    jaeger.start();
  }

  @AfterAll
  static void stop() {
    jaeger.stop();
  }

  private static Telemetry telemetry(Path authorities) {
    return Telemetry.start(
        new TelemetrySettings(
            "prober",
            Optional.empty(),
            "development",
            new Tracing(
                true,
                "otlp",
                "https://localhost:" + jaeger.getMappedPort(OTLP),
                Optional.of(authorities),
                1.0),
            Set.of("probe")));
  }

  private static String spanOf(Telemetry telemetry) {
    try (ActiveSpan span = telemetry.callSpan(Direction.INBOUND, "probe", null)) {
      return span.context().traceId();
    }
  }

  @Test
  void span_isInJaegerUnderItsTraceId() throws Exception {
    String trace;
    try (Telemetry telemetry = telemetry(folder.resolve("ca.crt"))) {
      trace = spanOf(telemetry);
    }
    URI uri =
        URI.create("http://localhost:" + jaeger.getMappedPort(QUERY) + "/api/traces/" + trace);
    try (HttpClient http = HttpClient.newHttpClient()) {
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                              .body())
                      .contains("\"prober.probe\"", "\"serviceName\":\"prober\""));
    }
  }

  @Test
  void collectorThatTheAuthoritiesDoNotProve_getsNoSpan(@TempDir Path others) throws Exception {
    Parts.certificates(others);
    try (Telemetry telemetry = telemetry(others.resolve("ca.crt"))) {
      String trace = spanOf(telemetry);
      assertThat(trace).isNotEmpty();
      await()
          .untilAsserted(
              () ->
                  assertThat(telemetry.scrape())
                      .contains("agentweave_spans_dropped_total{cause=\"export_failed\"} 1.0"));
    }
  }
}
