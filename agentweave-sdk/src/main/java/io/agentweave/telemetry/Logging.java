package io.agentweave.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import io.agentweave.config.ObservabilitySection;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where log lines go and what they look like. Before {@link #start}, only warnings are shown, on
 * standard error.
 */
public final class Logging {
  /** Libraries whose chatter says nothing about the agent, and whose details may hold payloads. */
  private static final List<String> QUIET =
      List.of(
          "com.dylibso",
          "com.zaxxer",
          "io.grpc",
          "io.micrometer",
          "io.netty",
          "io.opentelemetry",
          "io.spiffe",
          "okhttp3",
          "org.flywaydb",
          "org.hibernate",
          "org.postgresql");

  /**
   * Says with a stack trace what went wrong on a connection whose peer hung up: any stranger can
   * have that, as often as it likes. Refused handshakes are counted and audited.
   */
  private static final String OF_STRANGERS = "io.netty.channel.DefaultChannelPipeline";

  private Logging() {}

  /** Logs to standard output, as an agent does. */
  public static void start(ObservabilitySection.Logging settings, String agent) {
    start(settings, agent, System.out);
  }

  /**
   * Logs to {@code out}, which stays open. Replaces whatever was configured before.
   *
   * @param agent the name in each line of format json
   */
  public static void start(ObservabilitySection.Logging settings, String agent, OutputStream out) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    EncoderBase<ILoggingEvent> encoder =
        switch (settings.format()) {
          case JSON -> new JsonLine(agent);
          case TEXT -> new TextLine();
        };
    configure(context, level(settings.level()), encoder, out);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  static void configure(
      LoggerContext context, Level level, EncoderBase<ILoggingEvent> encoder, OutputStream out) {
    context.reset();
    encoder.setContext(context);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setName("agentweave");
    appender.setEncoder(encoder);
    appender.setOutputStream(keptOpen(out));
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    for (String library : QUIET) {
      context.getLogger(library).setLevel(level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN);
    }
    context.getLogger(OF_STRANGERS).setLevel(Level.OFF);
  }

  private static Level level(ObservabilitySection.Level level) {
    return switch (level) {
      case TRACE -> Level.TRACE;
      case DEBUG -> Level.DEBUG;
      case INFO -> Level.INFO;
      case WARN -> Level.WARN;
      case ERROR -> Level.ERROR;
    };
  }

  private static OutputStream keptOpen(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
