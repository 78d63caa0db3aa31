package io.agentweave.a2a;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.SendMessageRequest;
import java.io.ByteArrayOutputStream;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** A small message must not become a large heap. */
class ParsedSizeTest {
  private static long ofRequest(Message message) throws InvalidProtocolBufferException {
    return ParsedSize.of(
        SendMessageRequest.getDescriptor(),
        SendMessageRequest.newBuilder().setMessage(message).build().toByteString());
  }

  @Test
  void emptyParts_areTooManyLongBeforeTheMessageIsTooLong() throws Exception {
    Message parts =
        Message.newBuilder()
            .addAllParts(
                Collections.nCopies(200_000, io.agentweave.a2a.v1.Part.getDefaultInstance()))
            .build();
    assertThat(parts.getSerializedSize()).isLessThan(500_000);
    assertThat(ofRequest(parts)).isGreaterThan(ParsedSize.MOST);
  }

  @Test
  void valuesInAList_andMembers_areCounted() throws Exception {
    ListValue list =
        ListValue.newBuilder()
            .addAllValues(Collections.nCopies(200_000, Value.getDefaultInstance()))
            .build();
    Struct metadata =
        Struct.newBuilder().putFields("x", Value.newBuilder().setListValue(list).build()).build();
    assertThat(ofRequest(Message.newBuilder().setMetadata(metadata).build()))
        .isGreaterThan(ParsedSize.MOST);
  }

  @Test
  void fieldsThatNobodyKnows_areTheDearest() throws Exception {
    UnknownFieldSet.Builder unknown = UnknownFieldSet.newBuilder();
    for (int i = 0; i < 60_000; i++) {
      unknown.mergeVarintField(100 + i, 1);
    }
    ByteString bytes = unknown.build().toByteString();
    assertThat(bytes.size()).isLessThan(300_000);
    assertThat(ParsedSize.of(GetTaskRequest.getDescriptor(), bytes)).isGreaterThan(ParsedSize.MOST);
  }

  @Test
  void fourMebibytesInOneRawPart_areLittleMoreThanTheirBytes() throws Exception {
    Message raw =
        Message.newBuilder()
            .addParts(
                io.agentweave.a2a.v1.Part.newBuilder()
                    .setRaw(ByteString.copyFrom(new byte[4 << 20])))
            .build();
    assertThat(ofRequest(raw)).isLessThan(1_000);
  }

  @Test
  void aThousandEventsInADataPart_fit() throws Exception {
    Struct.Builder event = Struct.newBuilder();
    for (int i = 0; i < 20; i++) {
      event.putFields("member_" + i, Value.newBuilder().setStringValue("value " + i).build());
    }
    Value one = Value.newBuilder().setStructValue(event).build();
    Value all =
        Value.newBuilder()
            .setListValue(ListValue.newBuilder().addAllValues(Collections.nCopies(1_000, one)))
            .build();
    Message data =
        Message.newBuilder().addParts(io.agentweave.a2a.v1.Part.newBuilder().setData(all)).build();
    assertThat(ofRequest(data)).isBetween(1L << 20, (long) ParsedSize.MOST);
  }

  @Test
  void groups_truncatedBytes_andEndlessNesting_areRefused() {
    ByteArrayOutputStream group = new ByteArrayOutputStream();
    group.writeBytes(new byte[] {(byte) 0xA3, 0x06});
    group.writeBytes(new byte[2_000]);
    ByteString deep = ByteString.EMPTY;
    for (int i = 0; i < 400; i++) {
      deep = nested(deep);
    }
    ByteString nested = deep;
    assertThatThrownBy(
            () ->
                ParsedSize.of(
                    GetTaskRequest.getDescriptor(), ByteString.copyFrom(group.toByteArray())))
        .isInstanceOf(InvalidProtocolBufferException.class);
    assertThatThrownBy(() -> ParsedSize.of(Value.getDescriptor(), nested))
        .isInstanceOf(InvalidProtocolBufferException.class);
    assertThatThrownBy(
            () -> ParsedSize.of(Value.getDescriptor(), nested.substring(0, nested.size() - 1)))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  /** A value that is a list of one value, whose bytes these are. */
  private static ByteString nested(ByteString value) {
    ByteString list = field(ListValue.VALUES_FIELD_NUMBER, value);
    return field(Value.LIST_VALUE_FIELD_NUMBER, list);
  }

  private static ByteString field(int number, ByteString content) {
    return UnknownFieldSet.newBuilder()
        .addField(number, UnknownFieldSet.Field.newBuilder().addLengthDelimited(content).build())
        .build()
        .toByteString();
  }
}
