package io.agentweave.authz;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixSocketTest {
  @TempDir Path folder;
  private ServerSocketChannel listening;
  private UnixSocket socket;
  private SocketChannel peer;

  @BeforeEach
  void connect() throws IOException {
    Path path = folder.resolve("s.sock");
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(path));
    socket = new UnixSocket(path);
    socket.connect(null);
    peer = listening.accept();
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    peer.close();
    listening.close();
  }

  private void say(String words) throws IOException {
    peer.write(ByteBuffer.wrap(words.getBytes(US_ASCII)));
  }

  private String hear() throws IOException {
    byte[] bytes = new byte[16];
    int count = socket.getInputStream().read(bytes);
    return count < 0 ? "the end" : new String(bytes, 0, count, US_ASCII);
  }

  private static Thread start(boolean virtual, Runnable work) {
    return virtual
        ? Thread.ofVirtual().start(work)
        : Thread.ofPlatform().daemon().name("reader").start(work);
  }

  @Test
  void silence_endsAtTheTimeout_andTheSocketGoesOn() throws IOException {
    socket.setSoTimeout(5);
    assertThatThrownBy(this::hear).isInstanceOf(SocketTimeoutException.class);

    say("late");
    assertThat(hear()).isEqualTo("late");

    socket.setSoTimeout(0);
    say("more");
    assertThat(hear()).isEqualTo("more");
  }

  @Test
  void peerThatIsGone_isSeenWithATimeout() throws IOException {
    socket.setSoTimeout(1);
    peer.close();
    assertThat(hear()).isEqualTo("the end");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readWithoutATimeout_waitsForWhatComes(boolean virtual) throws Exception {
    var heard = new CompletableFuture<String>();
    Thread reader =
        start(
            virtual,
            () -> {
              try {
                heard.complete(hear());
              } catch (IOException e) {
                heard.completeExceptionally(e);
              }
            });
    if (virtual) {
      await().until(() -> reader.getState() == Thread.State.WAITING);
    }
    say("hello");
    assertThat(heard.get()).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void close_endsTheReadOfAnother(boolean virtual) throws Exception {
    var ended = new CompletableFuture<Throwable>();
    Thread reader =
        start(
            virtual,
            () -> {
              try {
                hear();
              } catch (IOException e) {
                ended.complete(e);
              }
            });
    if (virtual) {
      await().until(() -> reader.getState() == Thread.State.WAITING);
    }
    socket.close();
    assertThat(ended.get()).isInstanceOf(SocketException.class);
    assertThat(socket.isClosed()).isTrue();
    assertThatThrownBy(() -> socket.getOutputStream().write(1)).isInstanceOf(SocketException.class);
  }

  @Test
  void nobodyListening_isRefused() throws IOException {
    try (UnixSocket lost = new UnixSocket(folder.resolve("none.sock"))) {
      assertThatThrownBy(() -> lost.connect(null)).isInstanceOf(ConnectException.class);
    }
  }
}
