package io.agentweave.identity;

import static io.agentweave.identity.FakeWorkloadApi.answer;
import static io.agentweave.identity.FakeWorkloadApi.svid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A source without an SVID does not start, and says what to do. */
final class WorkloadApiStartTest extends WorkloadApiScene {
  private static final Duration MOST_PATIENCE = Duration.ofSeconds(30);

  private void failsToStart(URI endpoint, String... words) {
    failsToStart(endpoint, Duration.ofMinutes(1), words);
  }

  /** Tries with more and more patience: on a busy machine the API may answer late. */
  private void failsToStart(URI endpoint, Duration answer, String... words) {
    for (Duration patience = Duration.ofMillis(500); ; patience = patience.multipliedBy(4)) {
      Duration waited = patience;
      Instant before = Instant.now();
      Throwable thrown = catchThrowable(() -> source(endpoint, Optional.of(ID), waited, answer));
      assertThat(thrown).isInstanceOf(IdentityUnavailableException.class);
      if (patience.compareTo(MOST_PATIENCE) >= 0
          || List.of(words).stream().allMatch(String.valueOf(thrown.getMessage())::contains)) {
        assertThat(thrown).message().contains(words);
        assertThat(Duration.between(before, Instant.now())).isLessThan(waited.plusSeconds(60));
        return;
      }
    }
  }

  @Test
  void anAbsentApi_failsTheStart_namingTheSocket() {
    failsToStart(endpoint(), "there is no socket at " + socket(), "Start the SPIFFE agent");
  }

  @Test
  void anAbsentTcpApi_failsTheStart_namingTheAddress() throws IOException {
    URI gone;
    try (FakeWorkloadApi api = FakeWorkloadApi.onTcp(0)) {
      gone = api.endpoint();
    }
    failsToStart(gone, gone.toString(), "Connection refused");
  }

  @Test
  void aSocketThatNobodyListensOn_failsTheStart() throws IOException {
    Files.createFile(socket());

    failsToStart(endpoint(), "Look whether the SPIFFE agent at " + endpoint() + " runs");
  }

  @Test
  void anApiThatHangs_failsTheStart() throws IOException {
    api();

    failsToStart(
        endpoint(), Duration.ofMillis(200), "takes connections but sent nothing within 200 ms");
  }

  @Test
  void aDeniedProcess_failsTheStart_sayingWhatToRegister() throws IOException {
    api().greets(s -> s.onError(Status.PERMISSION_DENIED.withDescription("none").asException()));

    failsToStart(
        endpoint(),
        "issues no SVID to this process (PERMISSION_DENIED: none)",
        "Register " + ID,
        "process " + ProcessHandle.current().pid());
  }

  @Test
  void anEmptyAnswer_failsTheStart() throws IOException {
    api().serves(answer());

    failsToStart(endpoint(), "issues no SVID to this process (an empty answer)");
  }

  @Test
  void aMalformedSvid_failsTheStart() throws IOException {
    X509SVIDResponse.Builder bad = answer(svid(first, home)).toBuilder();
    bad.getSvidsBuilder(0).setX509Svid(ByteString.copyFromUtf8("no certificate"));
    api().serves(bad.build());

    failsToStart(endpoint(), "the Workload API sent what cannot be used");
  }

  @Test
  void aKeyOfAnotherSvid_failsTheStart() throws IOException {
    X509SVIDResponse.Builder bad = answer(svid(first, home)).toBuilder();
    bad.getSvidsBuilder(0).setX509SvidKey(ByteString.copyFrom(second.key().getEncoded()));
    api().serves(bad.build());

    failsToStart(endpoint(), "the private key does not belong to the SVID");
  }

  @Test
  void anSvidUnderAnotherName_failsTheStart() throws IOException {
    X509SVIDResponse.Builder bad = answer(svid(SvidMint.leaf(ID + "2").by(home), home)).toBuilder();
    bad.getSvidsBuilder(0).setSpiffeId(ID);
    api().serves(bad.build());

    failsToStart(endpoint(), "the SVID's certificate names another SPIFFE ID");
  }

  @Test
  void anExpiredSvid_failsTheStart() throws IOException {
    Instant end = Instant.now().minusSeconds(5);
    MintedSvid stale = SvidMint.leaf(ID).valid(end.minusSeconds(60), end).by(home);
    api().serves(answer(svid(stale, home)));

    failsToStart(endpoint(), "the own SVID: the leaf expired at", "Correct this machine's clock");
  }

  @Test
  void anSvidOfTenMinutesFromNow_failsTheStart_namingBothTimes() throws IOException {
    Instant begin = Instant.now().plus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.SECONDS);
    MintedSvid early = SvidMint.leaf(ID).valid(begin, begin.plusSeconds(3600)).by(home);
    api().serves(answer(svid(early, home)));

    failsToStart(
        endpoint(), "the leaf is not valid before " + begin, "the clock here says ", "clock");
  }

  @Test
  void anotherAgentsSvid_refusesTheStartAtOnce_namingBoth() throws IOException {
    FakeWorkloadApi api =
        api()
            .serves(
                answer(svid(SvidMint.leaf("spiffe://agentweave.io/agent/storage").by(home), home)));

    assertThatThrownBy(() -> source(api.endpoint(), Optional.of(ID), Duration.ofMinutes(5)))
        .isInstanceOf(IdentityUnavailableException.class)
        .hasMessageContainingAll(ID, "spiffe://agentweave.io/agent/storage");
  }

  @Test
  void anApiThatComesLate_isWaitedFor() throws IOException {
    CompletableFuture<IdentitySource> opening =
        CompletableFuture.supplyAsync(() -> source(endpoint(), Optional.of(ID), PATIENCE));
    await().pollDelay(Duration.ofMillis(200)).until(() -> !opening.isDone());

    api().serves(answer(svid(first, home)));

    assertThat(opening.join().current().spiffeId()).hasToString(ID);
  }

  @Test
  void aFailedStart_leavesNoThread() {
    failsToStart(endpoint(), "there is no socket");

    await()
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("agentweave-identity")));
  }
}
