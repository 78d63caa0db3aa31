package io.agentweave.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.agentweave.validation.Json;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/**
 * One JSON object a line: {@code time, level, logger, message, agent, trace_id, span_id}, then what
 * the log context and the caller add ({@code request_id}, {@code decision_id}, …), then {@code
 * exception}.
 */
final class JsonLine extends EncoderBase<ILoggingEvent> {
  private static final int LONGEST_TRACE = 16_000;
  private static final byte[] NOTHING = {};

  private final String agent;

  JsonLine(String agent) {
    this.agent = agent;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", event.getInstant().toString());
    line.put("level", event.getLevel().toString());
    line.put("logger", event.getLoggerName());
    line.put("message", String.valueOf(event.getFormattedMessage()));
    line.put("agent", agent);
    SpanContext span = Span.current().getSpanContext();
    if (span.isValid()) {
      line.put("trace_id", span.getTraceId());
      line.put("span_id", span.getSpanId());
    }
    event.getMDCPropertyMap().forEach(line::putIfAbsent);
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.putIfAbsent(pair.key, plain(pair.value));
      }
    }
    if (event.getThrowableProxy() != null) {
      String trace = ThrowableProxyUtil.asString(event.getThrowableProxy());
      line.put("exception", trace.substring(0, Math.min(trace.length(), LONGEST_TRACE)));
    }
    return (Json.writeText(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static Object plain(Object value) {
    return switch (value) {
      // JSON has no NaN, and a line is not lost for one.
      case Double number when !Double.isFinite(number) -> number.toString();
      case Float number when !Float.isFinite(number) -> number.toString();
      case Number number -> number;
      case Boolean truth -> truth;
      case null, default -> String.valueOf(value);
    };
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
