package io.agentweave.identity;

import static io.agentweave.identity.FakeWorkloadApi.answer;
import static io.agentweave.identity.FakeWorkloadApi.svid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A running source outlives a Workload API that dies, hangs, lies and flaps. */
final class WorkloadApiFaultTest extends WorkloadApiScene {

  @Test
  void aCompletedStream_isOpenedAgain() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);

    api.serves(answer(svid(second, home)));
    api.completes();

    await().untilAsserted(() -> assertThat(source.current().generation()).isEqualTo(2));
    awaitState(source, IdentityHealth.State.UP);
  }

  @Test
  void everyKindOfFailure_leavesTheSnapshotServing_degraded_andIsRetried() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);

    for (Status status :
        List.of(
            Status.UNAVAILABLE,
            Status.INTERNAL,
            Status.INVALID_ARGUMENT,
            Status.UNIMPLEMENTED,
            Status.CANCELLED)) {
      api.greets(s -> s.onError(status.asRuntimeException()));
      api.fails(status);
      awaitState(source, IdentityHealth.State.DEGRADED);
      assertThat(source.health().detail()).contains(status.getCode().name());
      assertThat(source.current().unusableBecause()).isEmpty();
      api.serves(answer(svid(first, home)));
      awaitState(source, IdentityHealth.State.UP);
    }
    assertThat(source.current().generation()).isEqualTo(1);
  }

  @Test
  void aDeadApi_leavesTheSnapshotServing_andADenialAfterItsRestartToo() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);

    api.close();
    awaitState(source, IdentityHealth.State.DEGRADED);
    assertThat(source.current().unusableBecause()).isEmpty();
    await()
        .untilAsserted(() -> assertThat(source.health().detail()).contains("there is no socket"));

    FakeWorkloadApi restarted =
        api().greets(s -> s.onError(Status.PERMISSION_DENIED.asRuntimeException()));
    await().untilAsserted(() -> assertThat(source.health().detail()).contains("issues no SVID"));
    assertThat(source.current().unusableBecause()).isEmpty();

    restarted.serves(answer(svid(second, home)));
    await().untilAsserted(() -> assertThat(source.current().generation()).isEqualTo(2));
    awaitState(source, IdentityHealth.State.UP);
  }

  @Test
  void aMalformedMessage_leavesTheSnapshotServing_degraded() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    IdentitySource source = source(api);

    X509SVIDResponse.Builder bad = answer(svid(second, home)).toBuilder();
    bad.getSvidsBuilder(0).setBundle(ByteString.copyFromUtf8("garbage"));
    api.updates(bad.build());

    awaitState(source, IdentityHealth.State.DEGRADED);
    assertThat(source.health().detail()).contains("sent what cannot be used");
    assertThat(source.current().unusableBecause()).isEmpty();
    assertThat(source.current().generation()).isEqualTo(1);
  }

  @Test
  void withoutRenewal_theIdentityIsDown_onceItsSvidExpired() throws IOException {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(600);
    AtomicReference<Instant> time = new AtomicReference<>(end.minusMillis(1));
    MintedSvid brief = SvidMint.leaf(ID).valid(end.minusSeconds(3600), end).by(home);
    FakeWorkloadApi api = api().serves(answer(svid(brief, home)));
    IdentitySource source = source(api, time::get);
    api.close();

    awaitState(source, IdentityHealth.State.DEGRADED);
    time.set(end);
    awaitState(source, IdentityHealth.State.DOWN);
    assertThat(source.health().detail()).contains("expired at");
    assertThat(source.health().svidRemaining(end.plusMillis(1))).isNegative();
  }

  @Test
  void anApiThatFallsSilent_isAskedAgain_beforeTheSvidExpires() throws IOException {
    // Three quarters of its life are over in a second by a clock that stands still.
    Instant now = Instant.now();
    Instant end = now.plus(Duration.ofHours(1));
    MintedSvid old = SvidMint.leaf(ID).valid(end.minus(Duration.ofHours(4)), end).by(home);
    FakeWorkloadApi api = api().serves(answer(svid(old, home)));
    IdentitySource source = source(api, InstantSource.fixed(now.minusSeconds(1)));

    // A hanging server: it never writes to the stream it has, only to a new one.
    api.serves(answer(svid(second, home)));

    await().untilAsserted(() -> assertThat(source.current().generation()).isEqualTo(2));
    assertThat(Instant.now()).isBefore(end);
  }

  @Test
  void aFlappingApi_isNotHammered() throws IOException {
    FakeWorkloadApi api =
        api()
            .greets(
                stream -> {
                  stream.onNext(answer(svid(first, home)));
                  stream.onCompleted();
                });
    IdentitySource source = source(api);
    int before = api.opened();
    await().until(() -> api.opened() > before + 5);

    // On average one stream in 25 ms once the back-off is at its cap of 50 ms.
    long since = System.nanoTime();
    int then = api.opened();
    await().pollDelay(Duration.ofMillis(500)).until(() -> true);
    int more = api.opened() - then;
    assertThat(Duration.ofNanos(System.nanoTime() - since).dividedBy(Math.max(1, more)))
        .as("between two streams")
        .isGreaterThan(Duration.ofMillis(5));
    assertThat(source.current().generation()).isEqualTo(1);
  }

  @Test
  void aClosedSource_leavesNoThread() throws IOException {
    FakeWorkloadApi api = api().serves(answer(svid(first, home)));
    source(api).close();

    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("agentweave-identity")));
    int opened = api.opened();
    await().pollDelay(Duration.ofMillis(200)).until(() -> api.opened() == opened);
  }
}
