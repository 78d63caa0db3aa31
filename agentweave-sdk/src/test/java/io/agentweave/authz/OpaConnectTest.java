package io.agentweave.authz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An OPA that accepts no connection and has as many waiting as the system takes for it. */
class OpaConnectTest {
  private static final Duration TIMEOUT = Duration.ofMillis(500);

  /** What would last without the timeout lasts longer than this, and nothing else does. */
  private static final long NOT_FOR_EVER_SECONDS = 40;

  @TempDir Path folder;
  private final List<SocketChannel> waiting = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (SocketChannel channel : waiting) {
      channel.close();
    }
  }

  private void crowd(StandardProtocolFamily family, SocketAddress address) throws IOException {
    for (int i = 0; i < 8; i++) {
      SocketChannel channel = SocketChannel.open(family);
      channel.configureBlocking(false);
      waiting.add(channel);
      try {
        channel.connect(address);
      } catch (IOException full) {
        return;
      }
    }
  }

  private static String fault(String endpoint, boolean virtual) throws Exception {
    var decision = new CompletableFuture<Decision>();
    try (PolicyEngine engine = Authorization.opaEngine(endpoint, "a/b", TIMEOUT, null)) {
      Runnable asking = () -> decision.complete(engine.decide(Questions.granted()));
      if (virtual) {
        Thread.ofVirtual().start(asking);
      } else {
        Thread.ofPlatform().daemon().name("asking").start(asking);
      }
      return ((Unavailable) decision.get(NOT_FOR_EVER_SECONDS, TimeUnit.SECONDS)).fault();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tcpConnectionThatIsNotAccepted_endsAtTheTimeout(boolean virtual) throws Exception {
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      crowd(StandardProtocolFamily.INET, new InetSocketAddress("127.0.0.1", full.getLocalPort()));
      assertThat(fault("http://127.0.0.1:" + full.getLocalPort(), virtual)).isEqualTo("timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void unixConnectionThatIsNotAccepted_endsAtTheTimeoutAtTheLatest(boolean virtual)
      throws Exception {
    Path socket = folder.resolve("opa.sock");
    try (var full = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      full.bind(UnixDomainSocketAddress.of(socket), 1);
      crowd(StandardProtocolFamily.UNIX, UnixDomainSocketAddress.of(socket));
      // Where connecting may not hold a carrier thread, the system says at once that it is full.
      assertThat(fault("unix://" + socket, virtual)).isEqualTo(virtual ? "refused" : "timeout");
    }
  }
}
