package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import io.agentweave.transport.MessageBytes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnaryCallTest {
  private static final MethodDescriptor<ByteString, ByteString> METHOD =
      MethodDescriptor.<ByteString, ByteString>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Service/Call")
          .setRequestMarshaller(MessageBytes.AS_THEY_ARE)
          .setResponseMarshaller(MessageBytes.AS_THEY_ARE)
          .build();
  private static final ByteString HELLO = StringValue.of("hello").toByteString();

  /** A channel whose only call goes as its script says, on a thread of its own. */
  private static final class ScriptedChannel extends Channel {
    private final Consumer<ClientCall.Listener<ByteString>> script;
    private final List<String> steps = new ArrayList<>();
    private ClientCall.@Nullable Listener<ByteString> listener;

    ScriptedChannel(Consumer<ClientCall.Listener<ByteString>> script) {
      this.script = script;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
      return (ClientCall<Q, A>) new ScriptedCall();
    }

    @Override
    public String authority() {
      return "test";
    }

    private final class ScriptedCall extends ClientCall<ByteString, ByteString> {
      @Override
      public void start(Listener<ByteString> started, Metadata headers) {
        listener = started;
      }

      @Override
      public void request(int messages) {
        steps.add("request " + messages);
      }

      @Override
      public void sendMessage(ByteString message) {
        if (message.isEmpty()) {
          throw new IllegalStateException("nothing to send");
        }
      }

      @Override
      public void halfClose() {
        Listener<ByteString> started = listener;
        Thread.ofVirtual().start(() -> script.accept(started));
      }

      @Override
      public void cancel(@Nullable String message, @Nullable Throwable cause) {
        steps.add("cancel");
        if (listener != null) {
          listener.onClose(Status.CANCELLED, new Metadata());
        }
      }
    }
  }

  private static StringValue make(ScriptedChannel channel, ByteString request) {
    return UnaryCall.make(
        channel,
        METHOD,
        StringValue.getDefaultInstance(),
        CallOptions.DEFAULT,
        new Metadata(),
        request);
  }

  private static void fails(Status.Code code, Consumer<ClientCall.Listener<ByteString>> script) {
    assertThatThrownBy(() -> make(new ScriptedChannel(script), HELLO))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }

  @Test
  void oneAnswer_isRead() {
    ScriptedChannel channel =
        new ScriptedChannel(
            listener -> {
              listener.onMessage(HELLO);
              listener.onClose(Status.OK, new Metadata());
            });
    assertThat(make(channel, HELLO)).isEqualTo(StringValue.of("hello"));
    assertThat(channel.steps).containsExactly("request 2");
  }

  @Test
  void noAnswer_twoOfThem_orOneThatIsNoMessage_isInternal() {
    fails(Status.Code.INTERNAL, listener -> listener.onClose(Status.OK, new Metadata()));
    fails(
        Status.Code.INTERNAL,
        listener -> {
          listener.onMessage(HELLO);
          listener.onMessage(HELLO);
          listener.onClose(Status.OK, new Metadata());
        });
    for (ByteString bad : List.of(MessageBytes.UNREADABLE, ByteString.fromHex("0aff"))) {
      fails(
          Status.Code.INTERNAL,
          listener -> {
            listener.onMessage(bad);
            listener.onClose(Status.OK, new Metadata());
          });
    }
  }

  @Test
  void status_comesWithItsTrailers_alsoAfterAnAnswer() {
    Metadata.Key<String> key = Metadata.Key.of("why", Metadata.ASCII_STRING_MARSHALLER);
    Metadata trailers = new Metadata();
    trailers.put(key, "because");
    ScriptedChannel channel =
        new ScriptedChannel(
            listener -> {
              listener.onMessage(HELLO);
              listener.onClose(Status.PERMISSION_DENIED, trailers);
            });
    assertThatThrownBy(() -> make(channel, HELLO))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus()).isEqualTo(Status.PERMISSION_DENIED);
              assertThat(e.getTrailers()).isSameAs(trailers);
            });
  }

  @Test
  void interruptedCaller_cancelsTheCall_andStaysInterrupted() throws InterruptedException {
    CountDownLatch sent = new CountDownLatch(1);
    ScriptedChannel channel = new ScriptedChannel(listener -> sent.countDown());
    List<Object> seen = new ArrayList<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    make(channel, HELLO);
                  } catch (StatusRuntimeException e) {
                    seen.add(e.getStatus().getCode());
                    seen.add(Thread.currentThread().isInterrupted());
                  }
                });
    sent.await();
    caller.interrupt();
    caller.join();
    assertThat(seen).containsExactly(Status.Code.CANCELLED, true);
    assertThat(channel.steps).containsExactly("request 2", "cancel");
  }

  @Test
  void callThatCannotBeMade_isCancelled() {
    ScriptedChannel channel = new ScriptedChannel(listener -> {});
    assertThatThrownBy(() -> make(channel, ByteString.EMPTY))
        .isInstanceOf(IllegalStateException.class);
    assertThat(channel.steps).containsExactly("cancel");
  }
}
