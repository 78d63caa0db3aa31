package io.agentweave.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A Workload API that misbehaves as told, and sources that watch it impatiently. */
abstract class WorkloadApiScene {
  static final String ID = SvidVectors.ID;

  final Authority home = Authority.root("home");
  final Authority partner = Authority.root("partner");
  final MintedSvid first = SvidMint.leaf(ID).by(home);

  /** What an API that answers gets to do so, however busy the machine is. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  final MintedSvid second = SvidMint.leaf(ID).by(home);
  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();

  @TempDir private Path directory;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : opened.reversed()) {
      closeable.close();
    }
  }

  Path socket() {
    return directory.resolve("api.sock");
  }

  FakeWorkloadApi api() throws IOException {
    FakeWorkloadApi api = FakeWorkloadApi.onSocket(socket());
    opened.add(api);
    return api;
  }

  IdentitySource source(URI endpoint, Optional<String> expected, Duration startup) {
    return source(endpoint, expected, startup, Duration.ofMinutes(1));
  }

  IdentitySource source(
      URI endpoint, Optional<String> expected, Duration startup, Duration answer) {
    return source(endpoint, expected, startup, answer, InstantSource.system());
  }

  /** A source that tells the time by {@code clock}. */
  IdentitySource source(FakeWorkloadApi api, InstantSource clock) {
    return source(api.endpoint(), Optional.of(ID), PATIENCE, Duration.ofMinutes(1), clock);
  }

  private IdentitySource source(
      URI endpoint,
      Optional<String> expected,
      Duration startup,
      Duration answer,
      InstantSource clock) {
    IdentitySource source =
        SpiffeIdentitySource.open(
            new WorkloadApiSettings(
                endpoint,
                expected.map(SpiffeId::parse),
                Set.of(new TrustDomain("agentweave.io"), new TrustDomain("partner.example")),
                startup),
            new SpiffeIdentitySource.Timing(answer, Duration.ofMillis(5), Duration.ofMillis(50)),
            clock);
    opened.add(source);
    return source;
  }

  IdentitySource source(FakeWorkloadApi api) {
    return source(api.endpoint(), Optional.of(ID), PATIENCE);
  }

  URI endpoint() {
    return URI.create("unix://" + socket());
  }

  static void awaitState(IdentitySource source, IdentityHealth.State state) {
    await().untilAsserted(() -> assertThat(source.health().state()).isEqualTo(state));
  }
}
