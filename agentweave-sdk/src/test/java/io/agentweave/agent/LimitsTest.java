package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.admission.AdmissionLimits;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.server.CapabilityCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {

  @Test
  void theRateOfAClass_isTheConfiguredOne(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("agent.yaml");
    Files.writeString(
        file,
        """
        agent: {name: storage, trust_domain: agentweave.io}
        server: {requests_per_second: {per_peer: 7, by_rate_class: {bulk: 3}}}
        """);

    AdmissionLimits limits = Limits.of(config(file), CapabilityCatalogue.of(List.of()));

    assertThat(limits.requestsPerSecondPerPeer()).isEqualTo(7);
    assertThat(limits.requestsPerSecondByRateClass()).containsExactly(Map.entry("bulk", 3));
  }

  private static AgentConfig config(Path file) {
    return switch (AgentConfigFile.read(file, Map.of())) {
      case ConfigReading.Loaded<?> loaded -> loaded.agent();
      case ConfigReading.Invalid<?> invalid -> throw new AssertionError(invalid.report());
    };
  }

  @Test
  void theFewestPlaces_areEnoughForEveryAction(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("agent.yaml");
    Files.writeString(
        file,
        """
        agent: {name: storage, trust_domain: agentweave.io}
        server: {max_concurrent_requests: 2}
        """);

    AdmissionLimits limits = Limits.of(config(file), CapabilityCatalogue.of(List.of()));

    assertThat(limits.concurrencyByAction().values()).containsOnly(1);
    assertThat(limits.concurrencyPerPeer()).isEqualTo(1);
  }
}
