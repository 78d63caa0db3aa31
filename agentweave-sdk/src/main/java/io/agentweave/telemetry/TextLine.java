package io.agentweave.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.agentweave.call.VisibleText;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.KeyValuePair;

/**
 * A line for people: time, level, logger, message, then what the log context and the caller add.
 * Control characters are shown as escapes, so that nobody's text can forge a line.
 */
final class TextLine extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(event.getInstant())
        .append(' ')
        .append(String.format("%-5s", event.getLevel()))
        .append(' ')
        .append(simple(event.getLoggerName()))
        .append(": ");
    line.append(VisibleText.of(String.valueOf(event.getFormattedMessage())));
    Map<String, String> more = new TreeMap<>(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        more.put(pair.key, String.valueOf(pair.value));
      }
    }
    more.forEach((key, value) -> line.append(VisibleText.of(" " + key + "=" + value)));
    line.append('\n');
    if (event.getThrowableProxy() != null) {
      // An exception's message may quote anybody: no line of it begins where lines of the log do.
      VisibleText.ofLines(ThrowableProxyUtil.asString(event.getThrowableProxy()))
          .lines()
          .forEach(each -> line.append("    ").append(each).append('\n'));
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String simple(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
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
