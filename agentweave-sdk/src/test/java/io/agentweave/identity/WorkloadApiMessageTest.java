package io.agentweave.identity;

import static io.agentweave.identity.FakeWorkloadApi.answer;
import static io.agentweave.identity.FakeWorkloadApi.bundle;
import static io.agentweave.identity.FakeWorkloadApi.svid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Each message of the Workload API is the whole truth. */
final class WorkloadApiMessageTest extends WorkloadApiScene {

  @Test
  void theFirstMessage_isTheFirstSnapshot_overUnixSocketAndTcp() throws IOException {
    try (FakeWorkloadApi tcp = FakeWorkloadApi.onTcp(0).serves(answer(svid(first, home)))) {
      for (FakeWorkloadApi api : List.of(api().serves(answer(svid(first, home))), tcp)) {
        IdentitySource source = source(api);
        IdentitySnapshot snapshot = source.current();

        assertThat(snapshot.generation()).isEqualTo(1);
        assertThat(snapshot.svidSerial()).isEqualTo(first.leaf().getSerialNumber().toString(16));
        assertThat(snapshot.unusableBecause()).isEmpty();
        assertThat(snapshot.verify(second.chain())).isInstanceOf(PeerIdentity.class);
        IdentityHealth health = source.health();
        assertThat(health.state()).isEqualTo(IdentityHealth.State.UP);
        assertThat(health.detail()).isEmpty();
        assertThat(health.svidNotAfter()).isEqualTo(first.leaf().getNotAfter().toInstant());
        assertThat(health.svidAge(Instant.now())).isGreaterThan(Duration.ofMinutes(4));
      }
    }
  }

  @Test
  void ofTwoSvids_theExpectedOneIsTaken_andTheFirstWhenNoneIsExpected() throws IOException {
    MintedSvid other = SvidMint.leaf("spiffe://partner.example/other").by(partner);
    FakeWorkloadApi api = api().serves(answer(svid(other, partner), svid(first, home)));

    IdentitySource chosen = source(api);
    IdentitySource byDefault = source(api.endpoint(), Optional.empty(), PATIENCE);

    assertThat(chosen.current().spiffeId()).hasToString(ID);
    assertThat(byDefault.current().spiffeId()).hasToString("spiffe://partner.example/other");
    assertThat(chosen.current().verify(other.chain())).isInstanceOf(PeerIdentity.class);
  }

  @Test
  void federatedBundles_areTaken_butNeverForTheOwnDomain() throws IOException {
    MintedSvid guest = SvidMint.leaf("spiffe://partner.example/guest").by(partner);
    MintedSvid impostor = SvidMint.leaf(ID).by(partner);
    FakeWorkloadApi api =
        api()
            .serves(
                answer(svid(first, home)).toBuilder()
                    .putFederatedBundles("spiffe://partner.example", bundle(partner))
                    .putFederatedBundles("spiffe://agentweave.io", bundle(partner))
                    .putFederatedBundles("spiffe://BROKEN name", bundle(partner))
                    .build());
    IdentitySnapshot snapshot = source(api).current();

    assertThat(snapshot.verify(guest.chain())).isInstanceOf(PeerIdentity.class);
    assertThat(snapshot.verify(impostor.chain())).isInstanceOf(Rejected.class);
    assertThat(snapshot.verify(second.chain())).isInstanceOf(PeerIdentity.class);
  }

  @Test
  void aRotation_isOneNewSnapshot_andListenersHearOfItInOrder() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);
    IdentitySnapshot old = source.current();
    List<Long> heard = new CopyOnWriteArrayList<>();
    IdentitySource.Subscription ended = source.onChange(_ -> heard.add(-1L));
    source.onChange(
        _ -> {
          throw new IllegalStateException("a listener that fails harms nobody else");
        });
    source.onChange(snapshot -> heard.add(snapshot.generation()));
    ended.close();

    api.updates(answer(svid(second, home)));
    await().untilAsserted(() -> assertThat(heard).containsExactly(2L));
    api.updates(answer(svid(SvidMint.leaf(ID).by(home), home)));
    await().untilAsserted(() -> assertThat(heard).containsExactly(2L, 3L));

    assertThat(source.current().generation()).isEqualTo(3);
    assertThat(old.svidSerial()).isEqualTo(first.leaf().getSerialNumber().toString(16));
  }

  @Test
  void theSameSvidAgain_isNoNewSnapshot() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);
    List<Long> heard = new CopyOnWriteArrayList<>();
    source.onChange(snapshot -> heard.add(snapshot.generation()));

    api.updates(answer(svid(first, home)));
    api.updates(answer(svid(second, home)));

    await().untilAsserted(() -> assertThat(heard).containsExactly(2L));
  }

  @Test
  void anAuthorityDroppedFromTheBundle_isDroppedAtOnce_evenIfTheOwnSvidIsStillOfIt()
      throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);
    assertThat(source.current().verify(second.chain())).isInstanceOf(PeerIdentity.class);

    api.updates(answer(svid(first, Authority.root("new home"))));

    await()
        .untilAsserted(
            () -> assertThat(source.current().verify(second.chain())).isInstanceOf(Rejected.class));
  }

  @Test
  void anEmptyMessage_withdrawsTheIdentity_untilThereIsOneAgain() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);

    api.updates(answer());
    awaitState(source, IdentityHealth.State.DOWN);
    assertThat(source.current().unusableBecause()).hasValue("the Workload API withdrew it");
    assertThat(source.current().generation()).isEqualTo(2);
    assertThat(source.current().verify(second.chain())).isInstanceOf(Rejected.class);

    api.updates(answer(svid(first, home)));
    awaitState(source, IdentityHealth.State.UP);
    assertThat(source.current().unusableBecause()).isEmpty();
    assertThat(source.current().generation()).isEqualTo(3);
  }

  @Test
  void aDenialOnALiveStream_withdrawsTheIdentity() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);

    api.greets(s -> s.onError(Status.PERMISSION_DENIED.asRuntimeException()));
    api.fails(Status.PERMISSION_DENIED.withDescription("no identity issued"));
    awaitState(source, IdentityHealth.State.DOWN);
    int before = api.opened();
    await().until(() -> api.opened() > before + 2);

    api.serves(answer(svid(first, home)));
    awaitState(source, IdentityHealth.State.UP);
  }

  @Test
  void anotherIdInsteadOfOurs_withdrawsTheIdentity() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);

    api.updates(answer(svid(SvidMint.leaf(ID + "2").by(home), home)));

    awaitState(source, IdentityHealth.State.DOWN);
    assertThat(source.health().detail()).contains(ID + "2", "but the agent is " + ID);
  }
}
