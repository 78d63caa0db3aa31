package io.agentweave.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.agentweave.config.ObservabilitySection.Tracing;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SpanQueueTest {

  /** Does with a batch what the test wants. */
  private record Exporter(Function<Collection<SpanData>, CompletableResultCode> action)
      implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return action.apply(spans);
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  private static void makeSpans(Telemetry telemetry, int number) {
    for (int i = 0; i < number; i++) {
      telemetry.span(AgentSpan.HANDLER).close();
    }
  }

  private static double dropped(Telemetry telemetry, String cause) {
    String line = "agentweave_spans_dropped_total{cause=\"" + cause + "\"} ";
    return telemetry
        .scrape()
        .lines()
        .filter(l -> l.startsWith(line))
        .mapToDouble(l -> Double.parseDouble(l.substring(line.length())))
        .findFirst()
        .orElse(0);
  }

  @Test
  void hangingExporter_dropsAndCountsButNeverBlocksTheCall() {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch reached = new CountDownLatch(1);
    Exporter hanging =
        new Exporter(
            spans -> {
              reached.countDown();
              waitFor(release);
              return CompletableResultCode.ofSuccess();
            });
    Telemetry telemetry = Telemetry.start(CollectedSpans.settings(1.0), hanging);
    makeSpans(telemetry, SpanQueue.BATCH);
    waitFor(reached);
    assertTimeoutPreemptively(
        Duration.ofMinutes(1), () -> makeSpans(telemetry, SpanQueue.CAPACITY + 5_000));
    assertThat(dropped(telemetry, "queue_full")).isGreaterThanOrEqualTo(5_000);
    release.countDown();
    telemetry.close();
  }

  @Test
  void failingExporter_isCountedExactlyAndLoggedOncePerChange() {
    AtomicBoolean failing = new AtomicBoolean(true);
    CollectedSpans collected = new CollectedSpans();
    Exporter moody =
        new Exporter(
            spans -> {
              if (failing.get()) {
                throw new IllegalStateException("down");
              }
              return collected.export(spans);
            });
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger logger = (Logger) LoggerFactory.getLogger(SpanQueue.class);
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    log.start();
    logger.addAppender(log);
    try (Telemetry telemetry = Telemetry.start(CollectedSpans.settings(1.0), moody)) {
      makeSpans(telemetry, 10);
      await().until(() -> dropped(telemetry, "export_failed") == 10);
      makeSpans(telemetry, 7);
      await().until(() -> dropped(telemetry, "export_failed") == 17);
      failing.set(false);
      makeSpans(telemetry, 3);
      await().until(() -> collected.spans().size() == 3);
    } finally {
      logger.detachAppender(log);
      logger.setAdditive(true);
      logger.setLevel(null);
    }
    assertThat(log.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "Spans can't be exported and are dropped; calls are not affected",
            "Spans are exported again");
  }

  @Test
  void exporterThatCannotBeMade_isCountedAndTriedAgain() {
    AtomicBoolean failing = new AtomicBoolean(true);
    CollectedSpans collected = new CollectedSpans();
    Supplier<SpanExporter> moody =
        () -> {
          if (failing.get()) {
            throw new IllegalArgumentException("no address");
          }
          return collected;
        };
    try (Telemetry telemetry = OtelTelemetry.start(CollectedSpans.settings(1.0), moody)) {
      makeSpans(telemetry, 10);
      await().until(() -> dropped(telemetry, "export_failed") == 10);
      failing.set(false);
      makeSpans(telemetry, 3);
      await().until(() -> collected.spans().size() == 3);
      assertThat(dropped(telemetry, "export_failed")).isEqualTo(10);
    }
  }

  @Test
  void close_exportsWhatIsWaitingAndEndsTheThread() {
    CollectedSpans collected = new CollectedSpans();
    Telemetry telemetry = Telemetry.start(CollectedSpans.settings(1.0), collected);
    makeSpans(telemetry, 2_000);
    telemetry.close();
    // On a busy machine the rest comes when close has waited its time.
    await().untilAsserted(() -> assertThat(collected.spans()).hasSize(2_000));
  }

  @Test
  void spansAreLostButCallsAreNot_whenNobodyListensForThem() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    TelemetrySettings settings = CollectedSpans.settings(1.0);
    TelemetrySettings nowhere = to(settings, "http://localhost:" + free);
    Telemetry telemetry = Telemetry.start(nowhere);
    makeSpans(telemetry, 100);
    assertTimeoutPreemptively(Duration.ofMinutes(1), telemetry::close);
  }

  @Test
  void spans_arriveOverOtlp() throws Exception {
    BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    Server collector = collector(received);
    try {
      TelemetrySettings settings =
          to(CollectedSpans.settings(1.0), "http://localhost:" + collector.getPort());
      try (Telemetry telemetry = Telemetry.start(settings)) {
        // On a busy machine the first one may be given up before it has arrived.
        await()
            .until(
                () -> {
                  makeSpans(telemetry, 1);
                  return !received.isEmpty();
                });
        assertThat(new String(received.take(), UTF_8))
            .contains("handler.run")
            .contains("service.name")
            .contains("spiffe://agentweave.io/agent/ingester");
      }
    } finally {
      collector.shutdownNow();
    }
  }

  private static TelemetrySettings to(TelemetrySettings settings, String endpoint) {
    return new TelemetrySettings(
        settings.service(),
        settings.spiffeId(),
        settings.environment(),
        new Tracing(true, "otlp", endpoint, 1.0),
        settings.actions());
  }

  /** The OTLP trace service, which takes anything and says it is fine. */
  private static Server collector(BlockingQueue<byte[]> received) throws IOException {
    MethodDescriptor<byte[], byte[]> export =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("opentelemetry.proto.collector.trace.v1.TraceService")
            .addMethod(
                export,
                ServerCalls.asyncUnaryCall(
                    (request, answer) -> {
                      received.add(request);
                      answer.onNext(new byte[0]);
                      answer.onCompleted();
                    }))
            .build();
    return NettyServerBuilder.forAddress(new InetSocketAddress("localhost", 0))
        .addService(service)
        .build()
        .start();
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
