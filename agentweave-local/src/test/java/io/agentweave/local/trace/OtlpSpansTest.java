package io.agentweave.local.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OtlpSpansTest {
  private static ResourceSpans resource(String service, int... spansOfScopes) {
    ResourceSpans.Builder resource = ResourceSpans.newBuilder();
    resource.setResource(
        Resource.newBuilder()
            .addAttributes(
                KeyValue.newBuilder()
                    .setKey("service.name")
                    .setValue(AnyValue.newBuilder().setStringValue(service))));
    for (int spans : spansOfScopes) {
      ScopeSpans.Builder scope = ScopeSpans.newBuilder().setSchemaUrl("https://example.com/schema");
      for (int i = 0; i < spans; i++) {
        scope.addSpans(
            Span.newBuilder()
                .setTraceId(ByteString.copyFrom(new byte[16]))
                .setName("span " + i)
                .setStartTimeUnixNano(1_000_000_000L + i)
                .addEvents(Span.Event.newBuilder().setName("within")));
      }
      resource.addScopeSpans(scope);
    }
    return resource.build();
  }

  private static final ExportTraceServiceRequest REQUEST =
      ExportTraceServiceRequest.newBuilder()
          .addResourceSpans(resource("one", 2, 0, 3))
          .addResourceSpans(resource("none"))
          .addResourceSpans(resource("two", 1))
          .build();

  @Test
  void count_isThatOfTheDecodedRequest() throws IOException {
    assertThat(OtlpSpans.count(REQUEST.toByteArray()))
        .isEqualTo(OtlpSpans.of(REQUEST).size())
        .isEqualTo(6);
    assertThat(OtlpSpans.count(new byte[0])).isZero();
  }

  @Test
  void whatIsCutOff_isRefusedWhereDecodingWouldRefuseIt() throws IOException {
    byte[] whole = REQUEST.toByteArray();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (isDecodable(cut)) {
        assertThat(OtlpSpans.count(cut)).isLessThan(6);
      } else {
        assertThatThrownBy(() -> OtlpSpans.count(cut))
            .as("the first %d bytes", length)
            .isInstanceOf(InvalidProtocolBufferException.class);
      }
    }
  }

  private static boolean isDecodable(byte[] request) {
    try {
      ExportTraceServiceRequest.parseFrom(request);
      return true;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  @Test
  void endsOfGroups_andLengthsBelowZero_areRefused() {
    byte[] endOfGroup = {0x0c};
    byte[] endOfGroupWithin = {0x0a, 0x01, 0x0c};
    byte[] endOfGroupInASpan = {0x0a, 0x05, 0x12, 0x03, 0x12, 0x01, 0x0c};
    byte[] belowZero = {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};

    for (byte[] wrong : new byte[][] {endOfGroup, endOfGroupWithin, endOfGroupInASpan, belowZero}) {
      assertThatThrownBy(() -> OtlpSpans.count(wrong))
          .isInstanceOf(InvalidProtocolBufferException.class);
    }
  }
}
