package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Message;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Deadline;
import io.agentweave.call.Refusal;
import io.agentweave.identity.MintedSvid;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.SvidMint;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GrpcExchangeTest {
  private static final int LONG = 1 << 20;

  private final ServedScene scene = new ServedScene();
  private final Queue<Runnable> loop = new ArrayDeque<>();
  private final Steps steps = new Steps();
  private final List<String> delivered = new ArrayList<>();

  @AfterEach
  void close() {
    scene.close();
  }

  private PeerConnection connection(Executor executor) {
    MintedSvid peer = SvidMint.leaf(ServedScene.INGESTER).by(scene.authority);
    PeerIdentity proven = (PeerIdentity) scene.identity.current().verify(peer.chain());
    return new PeerConnection(peer.chain(), "here", proven, executor, () -> {});
  }

  private GrpcExchange exchange(Executor executor) {
    return exchange(connection(executor), ServedScene.PATIENCE);
  }

  private GrpcExchange exchange(PeerConnection connection, Duration timeToRead) {
    return new GrpcExchange(
        steps,
        "request",
        ProtocolVersion.V1_0_1,
        Deadline.in(ServedScene.PATIENCE),
        timeToRead,
        Optional.of(connection));
  }

  private static CallOutcome<Reply> answer(int bytes) {
    return CallOutcome.completed(Reply.of(BytesValue.of(ByteString.copyFrom(new byte[bytes]))));
  }

  @Test
  void shortAnswer_isWrittenByTheEventLoop() {
    exchange(loop::add).finish(answer(100));
    assertThat(steps.seen).isEmpty();

    loop.remove().run();
    assertThat(steps.seen).containsExactly("headers", "message", "close OK");
  }

  @Test
  void refusal_isWrittenByTheEventLoop() {
    exchange(loop::add).finish(CallOutcome.refused(new Refusal.Draining("the agent stops")));
    assertThat(steps.seen).isEmpty();

    loop.remove().run();
    assertThat(steps.seen).containsExactly("close UNAVAILABLE");
  }

  @Test
  void longAnswer_keepsNobodyElseOnTheConnectionWaiting() {
    exchange(loop::add).finish(answer(LONG));
    assertThat(loop).isEmpty();
    assertThat(steps.seen).containsExactly("headers", "message", "close OK");
  }

  @Test
  void streamThatEndedMeanwhile_isNotWrittenTo() {
    GrpcExchange exchange = exchange(loop::add);
    exchange.finish(answer(100));
    exchange.whenDelivered(() -> delivered.add("delivered"));

    exchange.stirred(true);
    loop.remove().run();
    assertThat(steps.seen).isEmpty();
    assertThat(delivered).containsExactly("delivered");
  }

  @Test
  void eventLoopThatEnds_leavesTheAnswerToItsOwnThread() {
    exchange(
            task -> {
              throw new RejectedExecutionException("the loop ends");
            })
        .finish(answer(100));
    assertThat(steps.seen).containsExactly("headers", "message", "close OK");
  }

  @Test
  void answerThatCannotBeSent_isOverdueAndHoldsItsRoomUntilItsStreamEnds() {
    PeerConnection connection = connection(loop::add);
    GrpcExchange exchange = exchange(connection, Duration.ZERO);
    exchange.finish(answer(100));
    exchange.whenDelivered(() -> delivered.add("delivered"));

    steps.broken = true;
    loop.remove().run();
    assertThat(delivered).isEmpty();
    assertThat(connection.hasOverdueAnswers()).as("so that its connection is cut").isTrue();

    exchange.stirred(true);
    assertThat(delivered).containsExactly("delivered");
    assertThat(connection.hasOverdueAnswers()).isFalse();
  }

  /** A call that writes down what is done with it. */
  private static final class Steps extends ServerCall<ByteString, Message> {
    private final List<String> seen = new ArrayList<>();
    private boolean broken;

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {
      if (broken) {
        throw new IllegalStateException("broken");
      }
      seen.add("headers");
    }

    @Override
    public void sendMessage(Message message) {
      seen.add("message");
    }

    @Override
    public void close(Status status, Metadata trailers) {
      seen.add("close " + status.getCode());
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<ByteString, Message> getMethodDescriptor() {
      throw new UnsupportedOperationException();
    }
  }
}
