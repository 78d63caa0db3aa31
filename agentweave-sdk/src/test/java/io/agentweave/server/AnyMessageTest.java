package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.Anything;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.a2a.v1.Part;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.call.Refusal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whatever arrives as a request is understood or refused for what the caller did; never a bug. */
class AnyMessageTest {
  private final RequestReader reader =
      new RequestReader(new TestCapabilities().catalogue(), 64 * 1024);

  private void expectUnderstoodOrRefused(Rpc rpc, ByteString bytes) {
    CallHeaders headers = new CallHeaders(Optional.of(ProtocolVersion.V1_0_1), null, rpc.method());
    switch (reader.read(rpc, headers, bytes, room -> true).answer()) {
      case Asked.Answer.Understood understood -> assertThat(understood.operation()).isNotNull();
      case Asked.Answer.Unreadable(Refusal refusal) ->
          assertThat(refusal)
              .isInstanceOfAny(Refusal.Invalid.class, Refusal.Protocol.class)
              .isNotInstanceOf(Refusal.Broken.class);
    }
  }

  @Test
  void anyBytes_areUnderstoodOrRefused() {
    Anything.tried(
        2000,
        any ->
            expectUnderstoodOrRefused(any.of(Rpc.values()), ByteString.copyFrom(any.bytes(300))));
  }

  @Test
  void aMessageWithAFewBytesChanged_isUnderstoodOrRefused() {
    Anything.tried(
        3000,
        any -> {
          byte[] bytes = message(any).toByteArray();
          for (int i = any.between(0, 4); i > 0; i--) {
            bytes[any.between(0, bytes.length - 1)] = (byte) any.between(0, 255);
          }
          expectUnderstoodOrRefused(Rpc.SEND_MESSAGE, ByteString.copyFrom(bytes));
        });
  }

  @Test
  void aValueNestedWithoutEnd_isRefused() {
    Value deep = Value.newBuilder().setNumberValue(1).build();
    for (int i = 0; i < 90; i++) {
      deep =
          Value.newBuilder().setListValue(ListValue.newBuilder().addValues(deep).build()).build();
    }
    SendMessageRequest.Builder request = ServedScene.send("echo").toBuilder();
    request.getMessageBuilder().clearParts().addParts(Part.newBuilder().setData(deep));
    expectUnderstoodOrRefused(Rpc.SEND_MESSAGE, request.build().toByteString());
  }

  private static Message message(Anything any) {
    SendMessageRequest.Builder request =
        ServedScene.send(any.of("echo", "talk", "nobody"), any.text(60)).toBuilder();
    for (int i = any.between(0, 3); i > 0; i--) {
      request.getMessageBuilder().addParts(part(any));
    }
    if (any.coin()) {
      request.getMessageBuilder().clearParts().addParts(part(any));
    }
    if (any.coin()) {
      request
          .getConfigurationBuilder()
          .setHistoryLength((int) any.number())
          .addAcceptedOutputModes(any.of("*/*", "text/plain", "", "/", "a/*"));
    }
    return request.build();
  }

  private static Part part(Anything any) {
    Part.Builder part = Part.newBuilder().setMediaType(any.of("", "application/json", "x"));
    return switch (any.between(0, 4)) {
      case 0 -> part.setText(utf8(any)).build();
      case 1 -> part.setRaw(ByteString.copyFrom(any.bytes(40))).build();
      case 2 -> part.setUrl(utf8(any)).build();
      case 3 -> part.setData(value(any, 4)).build();
      default -> part.build();
    };
  }

  private static Value value(Anything any, int depth) {
    Value.Builder value = Value.newBuilder();
    return switch (any.between(0, depth > 0 ? 6 : 3)) {
      case 0 -> value.setNumberValue(Double.longBitsToDouble(any.number())).build();
      case 1 -> value.setStringValue(utf8(any)).build();
      case 2 -> value.setNullValueValue(any.between(0, 3)).build();
      case 3 -> value.build();
      case 4 ->
          value
              .setStructValue(Struct.newBuilder().putFields(utf8(any), value(any, depth - 1)))
              .build();
      default ->
          value.setListValue(ListValue.newBuilder().addValues(value(any, depth - 1))).build();
    };
  }

  private static String utf8(Anything any) {
    return any.text(20).replaceAll("\\p{Cs}", "?");
  }
}
