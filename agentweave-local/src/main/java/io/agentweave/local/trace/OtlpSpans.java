package io.agentweave.local.trace;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** OTLP's spans as ours. */
final class OtlpSpans {
  private static final HexFormat HEX = HexFormat.of();

  private OtlpSpans() {}

  /**
   * How many spans an encoded request has. Its fields and theirs are walked over and not decoded,
   * which would cost more than all else that is done with them on arrival.
   *
   * @throws IOException when the bytes are no request
   */
  static long count(byte[] request) throws IOException {
    return count(
        CodedInputStream.newInstance(request),
        ExportTraceServiceRequest.RESOURCE_SPANS_FIELD_NUMBER,
        ResourceSpans.SCOPE_SPANS_FIELD_NUMBER,
        ScopeSpans.SPANS_FIELD_NUMBER);
  }

  /** Counts the messages at the end of a path of field numbers. */
  private static long count(CodedInputStream in, int... path) throws IOException {
    int wanted = WireFormat.WIRETYPE_LENGTH_DELIMITED | path[0] << 3;
    int[] rest = Arrays.copyOfRange(path, 1, path.length);
    long count = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag != wanted) {
        if (!in.skipField(tag)) {
          throw new InvalidProtocolBufferException("a group ends that has not begun");
        }
        continue;
      }
      int outer = in.pushLimit(in.readRawVarint32());
      if (rest.length > 0) {
        count += count(in, rest);
      } else {
        in.skipMessage();
        count++;
      }
      in.checkLastTagWas(0);
      in.popLimit(outer);
    }
    return count;
  }

  static List<Span> of(ExportTraceServiceRequest request) {
    List<Span> spans = new ArrayList<>();
    for (ResourceSpans resource : request.getResourceSpansList()) {
      String service =
          resource.getResource().getAttributesList().stream()
              .filter(attribute -> attribute.getKey().equals("service.name"))
              .map(attribute -> text(attribute.getValue()))
              .findFirst()
              .orElse("unknown");
      resource
          .getScopeSpansList()
          .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(of(service, span))));
    }
    return spans;
  }

  private static Span of(String service, io.opentelemetry.proto.trace.v1.Span span) {
    Instant start = instant(span.getStartTimeUnixNano());
    return new Span(
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        service,
        span.getName(),
        start,
        Duration.between(start, instant(span.getEndTimeUnixNano())),
        span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
        span.getStatus().getMessage(),
        attributes(span.getAttributesList()));
  }

  private static Map<String, String> attributes(List<KeyValue> values) {
    Map<String, String> attributes = new TreeMap<>();
    values.forEach(each -> attributes.put(each.getKey(), text(each.getValue())));
    return attributes;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(OtlpSpans::text)
              .collect(Collectors.joining(", "));
      case BYTES_VALUE -> hex(value.getBytesValue());
      case KVLIST_VALUE -> attributes(value.getKvlistValue().getValuesList()).toString();
      case VALUE_NOT_SET -> "";
    };
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }

  private static String hex(ByteString bytes) {
    return HEX.formatHex(bytes.toByteArray());
  }
}
