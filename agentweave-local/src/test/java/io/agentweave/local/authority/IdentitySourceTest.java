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

  /** No renewal comes while a test waits for what does not wait for one. */
  private static LocalAuthority longLived() {
    return new LocalAuthority(DOMAIN, Duration.ofDays(1));
  }

  private static IdentitySource source(WorkloadApiServer api) {
    return IdentitySources.fromWorkloadApi(
        new WorkloadApiSettings(
            api.endpoint(), Optional.of(INGESTER), Set.of(), Duration.ofMinutes(2)));
  }

  @Test
  void rotations_arriveBeforeTheOldSvidEnds() throws IOException {
    // Issued a while ago, so that both the old and the new one are valid at this moment.
    Duration lifetime = Duration.ofHours(4);
    DrivenClock clock = new DrivenClock();
    clock.set(clock.instant().minus(Duration.ofHours(3)));
    LocalAuthority authority = new LocalAuthority(DOMAIN, lifetime, clock);
    try (WorkloadApiServer api = api(authority, Attestor.insecureEverybodyIs(INGESTER));
        IdentitySource source = source(api)) {
      IdentitySnapshot before = source.current();
      clock.set(clock.instant().plus(lifetime.dividedBy(2)));

      await().until(() -> source.current().generation() > before.generation());
      assertThat(before.unusableBecause()).isEmpty();
      assertThat(source.current().unusableBecause()).isEmpty();
      assertThat(source.current().svidSerial()).isNotEqualTo(before.svidSerial());
      assertThat(source.health().state()).isEqualTo(IdentityHealth.State.UP);
    }
  }

  @Test
  void aDeletedEntry_withdrawsTheIdentity_andANewOneRestoresIt() throws IOException {
    WorkloadRegistry registry = new WorkloadRegistry((int) Files.getAttribute(folder, "unix:uid"));
    registry.register(ProcessRef.self(), INGESTER);
    try (WorkloadApiServer api = api(longLived(), registry);
        IdentitySource source = source(api)) {
      registry.remove(INGESTER);
      api.registrationsChanged();
      await().until(() -> source.current().unusableBecause().isPresent());

      registry.register(ProcessRef.self(), INGESTER);
      await().until(() -> source.current().unusableBecause().isEmpty());
    }
  }

  @Test
  void aDroppedAuthority_isNotTrustedAMomentLonger() throws IOException {
    LocalAuthority authority = longLived();
    var peer = authority.issue(STORAGE).chain();
    try (WorkloadApiServer api = api(authority, Attestor.insecureEverybodyIs(INGESTER));
        IdentitySource source = source(api)) {
      assertThat(source.current().verify(peer)).isInstanceOf(PeerIdentity.class);

      authority.prepare();
      authority.activate();
      authority.drop();

      await().until(() -> source.current().verify(peer) instanceof Rejected);
      assertThat(source.current().verify(authority.issue(STORAGE).chain()))
          .isInstanceOf(PeerIdentity.class);
    }
  }
}
