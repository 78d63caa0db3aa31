package io.agentweave.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.config.ObservabilitySection;
import io.agentweave.config.ObservabilitySection.Format;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Logger logger = LoggerFactory.getLogger("com.acme.MyAgent");

  private void start(ObservabilitySection.Level level, Format format) {
    Logging.start(new ObservabilitySection.Logging(level, format), "ingester", out);
  }

  @AfterEach
  void backToQuiet() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logging.configure(context, Level.WARN, new TextLine(), System.err);
  }

  private List<String> lines() {
    return out.toString(UTF_8).lines().toList();
  }

  private JsonNode onlyLine() {
    assertThat(lines()).hasSize(1);
    return ((JsonReading.Parsed) Json.read(lines().getFirst().getBytes(UTF_8))).tree();
  }

  @Test
  void jsonLine_leadsToTraceRequestAndDecision() {
    start(ObservabilitySection.Level.INFO, Format.JSON);
    try (Telemetry telemetry = Telemetry.start(CollectedSpans.settings(1.0), new CollectedSpans());
        ActiveSpan span = telemetry.span(AgentSpan.HANDLER)) {
      span.note(SpanKey.REQUEST_ID, "r-1").note(SpanKey.DECISION_ID, "d-1");
      logger.atInfo().addKeyValue("event_id", "evt-1").addKeyValue("size", 12).log("Stored {}", 1);
      JsonNode line = onlyLine();
      assertThat(line.path("level").textValue()).isEqualTo("INFO");
      assertThat(line.path("logger").textValue()).isEqualTo("com.acme.MyAgent");
      assertThat(line.path("message").textValue()).isEqualTo("Stored 1");
      assertThat(line.path("agent").textValue()).isEqualTo("ingester");
      assertThat(line.path("trace_id").textValue()).isEqualTo(span.context().traceId());
      assertThat(line.path("span_id").textValue()).isEqualTo(span.context().spanId());
      assertThat(line.path("request_id").textValue()).isEqualTo("r-1");
      assertThat(line.path("decision_id").textValue()).isEqualTo("d-1");
      assertThat(line.path("event_id").textValue()).isEqualTo("evt-1");
      assertThat(line.path("size").intValue()).isEqualTo(12);
    }
  }

  @Test
  void numberThatJsonHasNot_losesNoLine() {
    start(ObservabilitySection.Level.INFO, Format.JSON);
    logger.atInfo().addKeyValue("ratio", Double.NaN).addKeyValue("rate", 0.5f).log("Measured");
    assertThat(onlyLine().path("ratio").textValue()).isEqualTo("NaN");
    assertThat(onlyLine().path("rate").doubleValue()).isEqualTo(0.5);
  }

  @Test
  void exceptions_stayOnTheirLine() {
    start(ObservabilitySection.Level.INFO, Format.JSON);
    logger.error("Failed", new IllegalStateException("outer", new RuntimeException("inner")));
    assertThat(onlyLine().path("exception").textValue())
        .contains("IllegalStateException: outer")
        .contains("Caused by: java.lang.RuntimeException: inner")
        .contains("LoggingTest");
  }

  @Test
  void textThatLooksLikeALogLine_forgesNone() {
    String forged = "x\n2026-01-01T00:00:00Z ERROR admin logged in\r\u2028\u001b[31m";
    start(ObservabilitySection.Level.INFO, Format.JSON);
    logger.info("Got {}", forged);
    assertThat(onlyLine().path("message").textValue()).isEqualTo("Got " + forged);
    out.reset();
    start(ObservabilitySection.Level.INFO, Format.TEXT);
    logger.atInfo().addKeyValue("key", forged).log("Got {}", forged);
    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst()).contains("\\u000a2026").doesNotContain("\u001b");
  }

  @Test
  void exceptionThatQuotesALogLine_forgesNone() {
    start(ObservabilitySection.Level.INFO, Format.TEXT);
    String forged = "2026-01-01T00:00:00Z ERROR admin logged in";
    logger.error("Failed", new IllegalStateException("got\n" + forged + "\u001b[8m\u009b2J\u202e"));
    assertThat(lines()).noneMatch(line -> line.startsWith("2026-01-01"));
    assertThat(out.toString(UTF_8)).contains(forged + "\\u001b[8m\\u009b2J\\u202e");
  }

  @Test
  void loneSurrogate_losesNoLine() {
    start(ObservabilitySection.Level.INFO, Format.JSON);
    logger.info("Got \ud800");
    assertThat(onlyLine().path("message").textValue()).isEqualTo("Got ?");
  }

  @Test
  void callersKeys_cannotReplaceOurs() {
    start(ObservabilitySection.Level.INFO, Format.JSON);
    logger.atInfo().addKeyValue("level", "FAKE").addKeyValue("agent", "other").log("x");
    assertThat(onlyLine().path("level").textValue()).isEqualTo("INFO");
    assertThat(onlyLine().path("agent").textValue()).isEqualTo("ingester");
  }

  @Test
  void level_appliesToTheAgentButLibrariesStayQuiet() {
    start(ObservabilitySection.Level.DEBUG, Format.TEXT);
    logger.debug("mine");
    LoggerFactory.getLogger("io.netty.handler").debug("hex dump of a payload");
    LoggerFactory.getLogger("io.grpc.x").info("chatter");
    java.util.logging.Logger.getLogger("io.grpc.y").warning("worth knowing");
    assertThat(lines()).hasSize(2);
    assertThat(lines().get(0)).endsWith("MyAgent: mine");
    assertThat(lines().get(1)).contains("WARN").endsWith("y: worth knowing");
  }
}
