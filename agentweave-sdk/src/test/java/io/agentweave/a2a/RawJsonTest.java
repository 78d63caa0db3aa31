package io.agentweave.a2a;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.agentweave.call.Payload;
import org.junit.jupiter.api.Test;

final class RawJsonTest {
  private static final byte[] AROUND = "bef{\"a\":1}aft".getBytes(UTF_8);

  @Test
  void aViewOfWhatArrived_isTheBytesThemselves_andNothingBesideThem() {
    ByteString arrived = UnsafeByteOperations.unsafeWrap(AROUND).substring(3, 10);

    Payload payload = RawJson.payload(arrived);

    assertThat(payload.array()).isSameAs(AROUND);
    assertThat(payload.size()).isEqualTo(7);
    assertThat(payload.bytes()).asString(UTF_8).isEqualTo("{\"a\":1}");
    assertThat(payload.bytes()).isSameAs(payload.bytes());
    assertThat(RawJson.of(payload)).isEqualTo(arrived);
  }

  @Test
  void aSmallPayload_holdsNoLargeMessage() {
    ByteString arrived = UnsafeByteOperations.unsafeWrap(new byte[1 << 20]).substring(10, 20);

    assertThat(RawJson.payload(arrived).array()).hasSize(10);
  }

  @Test
  void bytesInSeveralPieces_areReadWhole() {
    ByteString one = ByteString.copyFromUtf8("[" + "1,".repeat(200));
    ByteString two = ByteString.copyFromUtf8("2".repeat(200) + "]");

    Payload payload = RawJson.payload(one.concat(two));

    assertThat(payload.bytes()).isEqualTo(one.concat(two).toByteArray());
  }

  @Test
  void noBytes_areAnEmptyPayload() {
    assertThat(RawJson.payload(ByteString.EMPTY).size()).isZero();
    assertThat(RawJson.payload(ByteString.EMPTY).bytes()).isEmpty();
  }

  @Test
  void aPartThatTheArrayDoesNotHold_isRefused() {
    assertThatThrownBy(() -> Payload.ofJson(AROUND, 10, AROUND.length))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
