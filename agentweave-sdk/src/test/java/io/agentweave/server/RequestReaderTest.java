package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.call.Refusal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** What becomes of a message is reckoned before it is parsed: its sender may be anybody. */
class RequestReaderTest {
  private final RequestReader reader =
      new RequestReader(new TestCapabilities().catalogue(), 4 << 20);

  private Refusal refusal(ByteString request, LongPredicate room) {
    CallHeaders headers =
        new CallHeaders(Optional.of(ProtocolVersion.V1_0_1), null, Rpc.SEND_MESSAGE.method());
    return ((Asked.Answer.Unreadable)
            reader.read(Rpc.SEND_MESSAGE, headers, request, room).answer())
        .refusal();
  }

  /** A message of so many empty parts, two bytes each. */
  private static ByteString parts(int number) {
    ByteString.Output parts = ByteString.newOutput();
    for (int i = 0; i < number; i++) {
      parts.write(Message.PARTS_FIELD_NUMBER << 3 | 2);
      parts.write(0);
    }
    return UnknownFieldSet.newBuilder()
        .addField(
            SendMessageRequest.MESSAGE_FIELD_NUMBER,
            UnknownFieldSet.Field.newBuilder().addLengthDelimited(parts.toByteString()).build())
        .build()
        .toByteString();
  }

  @Test
  void aMessageThatWouldFillTheHeap_isInvalid_andTakesNoRoom() {
    assertThat(
            refusal(
                parts(800_000),
                room -> {
                  throw new AssertionError("it is not parsed");
                }))
        .isInstanceOfSatisfying(
            Refusal.Invalid.class,
            invalid -> assertThat(invalid.detail()).contains("fewer parts, values and fields"));
  }

  @Test
  void whatBecomesOfAMessage_takesRoom_beforeItIsMade() {
    AtomicLong asked = new AtomicLong();
    assertThat(
            refusal(
                parts(50_000),
                room -> {
                  asked.set(room);
                  return false;
                }))
        .isInstanceOfSatisfying(
            Refusal.Overloaded.class, full -> assertThat(full.limit()).isEqualTo("inflight_bytes"));
    assertThat(asked.get()).isGreaterThan(40 * 100_000);
  }
}
