package io.agentweave.authz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OPA on a Unix socket, the way in which nobody else can reach it. */
class OpaUnixSocketTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(500);

  /** What would last without the timeout lasts longer than this, and nothing else does. */
  private static final Duration NOT_FOR_EVER = Duration.ofSeconds(40);

  @TempDir Path folder;

  private PolicyEngine engine() {
    return engine(TIMEOUT);
  }

  private PolicyEngine engine(Duration timeout) {
    return Authorization.opaEngine("unix://" + folder.resolve("opa.sock"), "a/b", timeout, null);
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  @Test
  void aMissingSocket_isRefused() {
    try (var engine = engine()) {
      assertThat(engine.decide(Questions.granted()))
          .isInstanceOfSatisfying(
              Unavailable.class, u -> assertThat(u.fault()).isEqualTo("refused"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', timeout",
    "'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{', timeout"
  })
  void aServerThatStopsTalking_endsAtTheTimeout(String answer, String fault) throws Exception {
    try (var server = new UnixServer(folder.resolve("opa.sock"), answer);
        var engine = engine(SHORT)) {
      long before = System.nanoTime();
      Decision decision = engine.decide(Questions.granted());

      assertThat(((Unavailable) decision).fault()).isEqualTo(fault);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(NOT_FOR_EVER);
      assertThat(server.requests()).isEqualTo(1);
    }
  }

  @Test
  void callsThatAreCancelledWhileOpaIsAsked_areNotItsFault() throws Exception {
    Path socket = folder.resolve("opa.sock");
    try (var engine = engine()) {
      try (var silent = new UnixServer(socket, "")) {
        for (int i = 1; i <= 20; i++) {
          int asked = i;
          var decision = new CompletableFuture<Decision>();
          Thread caller =
              Thread.ofVirtual().start(() -> decision.complete(engine.decide(Questions.granted())));
          await().until(() -> silent.requests() == asked);

          caller.interrupt();

          assertThat(((Unavailable) decision.get()).fault()).isEqualTo("interrupted");
        }
      }
      try (var talking = new UnixServer(socket, ok("{\"result\": true}"))) {
        assertThat(engine.decide(Questions.granted())).isInstanceOf(Permit.class);
        assertThat(talking.requests()).isEqualTo(1);
      }
    }
  }

  @Test
  void manyQuestions_shareOneConnection() throws Exception {
    try (var server = new UnixServer(folder.resolve("opa.sock"), ok("{\"result\": true}"));
        var engine = engine()) {
      for (int i = 0; i < 50; i++) {
        assertThat(engine.decide(Questions.granted())).isInstanceOf(Permit.class);
      }
      assertThat(server.requests()).isEqualTo(50);
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void anIdleConnectionThatOpaClosed_isReplaced() throws Exception {
    Path socket = folder.resolve("opa.sock");
    try (var engine = engine()) {
      try (var server = new UnixServer(socket, ok("{\"result\": true}"))) {
        assertThat(engine.decide(Questions.granted())).isInstanceOf(Permit.class);
        assertThat(server.requests()).isEqualTo(1);
      }
      try (var restarted = new UnixServer(socket, ok("{\"result\": false}"))) {
        assertThat(engine.decide(Questions.granted())).isInstanceOf(Denied.class);
        assertThat(restarted.requests()).isEqualTo(1);
      }
    }
  }

  @Test
  void virtualThreadsAtOnce_eachGetAnAnswer() throws Exception {
    try (var server = new UnixServer(folder.resolve("opa.sock"), ok("{\"result\": true}"));
        var engine = engine();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Decision>> questions = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        questions.add(() -> engine.decide(Questions.granted()));
      }
      for (var answer : threads.invokeAll(questions)) {
        assertThat(answer.get()).isInstanceOf(Permit.class);
      }
      assertThat(server.requests()).isEqualTo(200);
      assertThat(server.connections()).isLessThanOrEqualTo(OpaExchange.MAX_AT_ONCE);
    }
  }

  @Test
  void aBurstLikeTheLast_opensNoConnection() throws Exception {
    int burst = OpaExchange.MAX_AT_ONCE;
    try (var server = new UnixServer(folder.resolve("opa.sock"), ok("{\"result\": true}"), burst);
        var engine = engine();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 3; round++) {
        List<Callable<Decision>> questions =
            Collections.nCopies(burst, () -> engine.decide(Questions.granted()));
        for (var answer : threads.invokeAll(questions)) {
          assertThat(answer.get()).isInstanceOf(Permit.class);
        }
      }
      assertThat(server.requests()).isEqualTo(3 * burst);
      assertThat(server.connections()).isEqualTo(burst);
    }
  }

  /** An HTTP server of few words: reads as many requests as it awaits, gives all one answer. */
  private static final class UnixServer implements AutoCloseable {
    private final ServerSocketChannel listening;
    private final String answer;
    private final CyclicBarrier awaited;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final List<SocketChannel> open = new ArrayList<>();

    UnixServer(Path socket, String answer) throws IOException {
      this(socket, answer, 1);
    }

    UnixServer(Path socket, String answer, int awaited) throws IOException {
      Files.deleteIfExists(socket);
      this.answer = answer;
      this.awaited = new CyclicBarrier(awaited);
      listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listening.bind(UnixDomainSocketAddress.of(socket), 128);
      Thread.ofPlatform().daemon().name("unix-accept").start(this::accept);
    }

    private void accept() {
      try {
        while (true) {
          SocketChannel connection = listening.accept();
          connections.incrementAndGet();
          synchronized (open) {
            open.add(connection);
          }
          Thread.ofPlatform().daemon().name("unix-serve").start(() -> serve(connection));
        }
      } catch (IOException e) {
        // Closed.
      }
    }

    private void serve(SocketChannel connection) {
      try (connection) {
        var in =
            new BufferedReader(
                new InputStreamReader(Channels.newInputStream(connection), US_ASCII));
        while (readRequest(in)) {
          requests.incrementAndGet();
          awaited.await();
          ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(US_ASCII));
          while (bytes.hasRemaining()) {
            connection.write(bytes);
          }
        }
      } catch (IOException e) {
        // The client went away.
      } catch (InterruptedException | BrokenBarrierException e) {
        throw new IllegalStateException(e);
      }
    }

    private static boolean readRequest(BufferedReader in) throws IOException {
      int length = 0;
      String line = in.readLine();
      if (line == null) {
        return false;
      }
      for (; !line.isEmpty(); line = in.readLine()) {
        if (line.startsWith("Content-Length: ")) {
          length = Integer.parseInt(line.substring("Content-Length: ".length()));
        }
      }
      return in.skip(length) == length;
    }

    int connections() {
      return connections.get();
    }

    int requests() {
      return requests.get();
    }

    @Override
    public void close() throws IOException {
      listening.close();
      synchronized (open) {
        for (SocketChannel connection : open) {
          connection.close();
        }
      }
    }
  }
}
