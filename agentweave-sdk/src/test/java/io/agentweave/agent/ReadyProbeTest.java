package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.telemetry.MetricsEndpoint;
import io.agentweave.telemetry.Readiness;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadyProbeTest {

  @Test
  void onlyAReadyAgent_isReady() throws Exception {
    assertThat(readyOf(true)).isTrue();
    assertThat(readyOf(false)).isFalse();
  }

  @Test
  void nobodyThere_isNotReady() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    assertThat(ReadyProbe.ready(port)).isFalse();
  }

  private static boolean readyOf(boolean ready) throws IOException {
    TelemetrySettings settings =
        new TelemetrySettings(
            "probed",
            Optional.empty(),
            "development",
            new Tracing(false, "otlp", "http://localhost:4317", 1.0),
            Set.of());
    try (Telemetry telemetry = Telemetry.start(settings);
        MetricsEndpoint endpoint =
            MetricsEndpoint.open(
                "127.0.0.1",
                0,
                telemetry,
                () -> new Readiness(List.of(new Readiness.Check("identity", ready, ""))))) {
      return ReadyProbe.ready(endpoint.address().getPort());
    }
  }
}
