package io.agentweave.local.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.identity.IdentityHealth;
import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.Rejected;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.identity.WorkloadApiSettings;
import io.agentweave.local.process.ProcessRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK's own source, watching the local Workload API as an agent does. */
final class IdentitySourceTest {
  private static final TrustDomain DOMAIN = new TrustDomain("agentweave.io");
  private static final SpiffeId INGESTER = SpiffeId.parse("spiffe://agentweave.io/agent/ingester");
  private static final SpiffeId STORAGE = SpiffeId.parse("spiffe://agentweave.io/agent/storage");

  @TempDir private Path folder;

  private WorkloadApiServer api(LocalAuthority authority, Attestor attestor) throws IOException {
    return WorkloadApiServer.start(folder.resolve("api.sock"), authority, attestor);
  }

  private static IdentitySource source(WorkloadApiServer api) {
    return IdentitySources.fromWorkloadApi(
        new WorkloadApiSettings(
            api.endpoint(), Optional.of(INGESTER), Set.of(), Duration.ofSeconds(10)));
  }

  @Test
  void rotations_arriveBeforeTheOldSvidEnds() throws IOException {
    LocalAuthority authority = new LocalAuthority(DOMAIN, Duration.ofSeconds(2));
    try (WorkloadApiServer api = api(authority, Attestor.insecureEverybodyIs(INGESTER));
        IdentitySource source = source(api)) {
      for (long generation = 1; generation < 4; generation++) {
        IdentitySnapshot before = source.current();
        long awaited = before.generation();
        await()
            .untilAsserted(
                () -> {
                  assertThat(source.current().unusableBecause()).isEmpty();
                  assertThat(source.current().generation()).isGreaterThan(awaited);
                });
        assertThat(source.current().svidSerial()).isNotEqualTo(before.svidSerial());
      }
      assertThat(source.health().state()).isEqualTo(IdentityHealth.State.UP);
    }
  }

  @Test
  void aDeletedEntry_withdrawsTheIdentity_andANewOneRestoresIt() throws IOException {
    WorkloadRegistry registry = new WorkloadRegistry((int) Files.getAttribute(folder, "unix:uid"));
    registry.register(ProcessRef.self(), INGESTER);
    try (WorkloadApiServer api = api(new LocalAuthority(DOMAIN), registry);
        IdentitySource source = source(api)) {
      registry.remove(INGESTER);
      api.registrationsChanged();
      await()
          .atMost(Duration.ofSeconds(1))
          .until(() -> source.current().unusableBecause().isPresent());

      registry.register(ProcessRef.self(), INGESTER);
      await().until(() -> source.current().unusableBecause().isEmpty());
    }
  }

  @Test
  void aDroppedAuthority_isNotTrustedAMomentLonger() throws IOException {
    LocalAuthority authority = new LocalAuthority(DOMAIN);
    var peer = authority.issue(STORAGE).chain();
    try (WorkloadApiServer api = api(authority, Attestor.insecureEverybodyIs(INGESTER));
        IdentitySource source = source(api)) {
      assertThat(source.current().verify(peer)).isInstanceOf(PeerIdentity.class);

      authority.prepare();
      authority.activate();
      authority.drop();

      await()
          .atMost(Duration.ofSeconds(1))
          .until(() -> source.current().verify(peer) instanceof Rejected);
      assertThat(source.current().verify(authority.issue(STORAGE).chain()))
          .isInstanceOf(PeerIdentity.class);
    }
  }
}
