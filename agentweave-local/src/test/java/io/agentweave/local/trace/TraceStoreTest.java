package io.agentweave.local.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceStoreTest {
  @TempDir Path folder;

  @Test
  void whatNobodySent_isNotFound() throws Exception {
    try (TraceStore store = TraceStore.start(folder, 0)) {
      assertThat(store.files().find("0af7651916cd43dd8448eb211c80319c")).isEmpty();
      assertThat(store.files().search("evt-1", 10)).isEmpty();
      assertThat(store.files().search("", 10)).isEmpty();
    }
  }

  @Test
  void aTraceThatTheRealExporterSent_isFoundById_andByWhatItsSpansSay() throws Exception {
    try (TraceStore store = TraceStore.start(folder, 0)) {
      String traceId = send(store, "evt-1");
      send(store, "evt-11");

      Trace trace = store.files().find(traceId).orElseThrow();
      assertThat(trace.spans()).extracting(Span::name).containsExactly("ingest", "process");
      Span root = trace.roots().getFirst();
      assertThat(trace.roots()).hasSize(1);
      assertThat(root.service()).isEqualTo("ingester");
      assertThat(root.attributes())
          .containsEntry("agentweave.event_id", "evt-1")
          .containsEntry("agentweave.payload_size", "42");
      assertThat(trace.children(root))
          .singleElement()
          .satisfies(
              child -> {
                assertThat(child.failed()).isTrue();
                assertThat(child.statusMessage()).isEqualTo("denied");
              });
      assertThat(store.files().search("evt-1", 10)).extracting(Trace::id).containsExactly(traceId);
      assertThat(store.files().search(traceId, 10)).hasSize(1);
      assertThat(store.received()).isEqualTo(4);
      assertThat(store.dropped()).isZero();
    }
  }

  @Test
  void ofManyTracesThatSayTheSame_theNewestAreFound_whole() throws Exception {
    try (TraceStore store = TraceStore.start(folder, 0)) {
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        sent.add(send(store, "evt-1"));
      }

      List<Trace> found = store.files().search("evt-1", 2);

      assertThat(found).extracting(Trace::id).containsExactly(sent.get(5), sent.get(4));
      assertThat(found).allSatisfy(trace -> assertThat(trace.spans()).hasSize(2));
    }
  }

  @Test
  void whatIsNoRequest_isRefused_andNothingOfItIsKept() throws Exception {
    try (TraceStore store = TraceStore.start(folder, 0)) {
      byte[] halfASpan = {0x0a, 0x06, 0x12, 0x04, 0x12, 0x02, 0x0a, 0x10};

      assertThatThrownBy(() -> sendRaw(store, halfASpan))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
      assertThat(store.received()).isZero();
      assertThat(Files.size(store.files().segments().getFirst())).isZero();

      assertThat(sendRaw(store, ExportTraceServiceRequest.getDefaultInstance().toByteArray()))
          .isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
    }
  }

  private static ExportTraceServiceResponse sendRaw(TraceStore store, byte[] request) {
    MethodDescriptor<ExportTraceServiceRequest, ExportTraceServiceResponse> export =
        TraceServiceGrpc.getExportMethod();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", store.endpoint().getPort())
            .usePlaintext()
            .build();
    try {
      return ClientCalls.blockingUnaryCall(
          channel,
          export.toBuilder(new AsBytes(), export.getResponseMarshaller()).build(),
          CallOptions.DEFAULT,
          request);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void spansFromAnotherUsersProcess_areRefused() throws Exception {
    int another = OwnUserOnly.ownUid() + 1;
    try (TraceStore store = TraceStore.start(folder, 0, 1 << 20, 2, another)) {
      String traceId = export(store, "evt-1");

      assertThat(store.received()).isZero();
      assertThat(store.files().find(traceId)).isEmpty();
    }
  }

  @Test
  void aConnection_belongsToWhomTheKernelSays_whileItIsOpen() throws Exception {
    InetSocketAddress from = new InetSocketAddress("127.0.0.1", 0xC001);
    InetSocketAddress to = new InetSocketAddress("127.0.0.1", 0xAEC7);
    String open = "  1: 0100007F:C001 0100007F:AEC7 01 00000000:00000000 00:00000000 00000000 1001";
    String mapped =
        "  4: 0000000000000000FFFF00000100007F:C001 0000000000000000FFFF00000100007F:AEC7 01"
            + " 00000000:00000000 02:00000000 00000000  1002  0 1 2 0";
    String ours = "  2: 0100007F:AEC7 0100007F:C001 01 00000000:00000000 00:00000000 00000000 7";
    String namesake = "  3: 0200007F:C001 0100007F:AEC7 01 00000000:00000000 00:00000000 0 7";

    assertThat(OwnUserOnly.uidOf(List.of(ours, namesake, open), from, to)).hasValue(1001);
    assertThat(OwnUserOnly.uidOf(List.of(mapped), from, to)).hasValue(1002);
    assertThat(OwnUserOnly.uidOf(List.of(open.replace(" 01 ", " 06 ")), from, to)).isEmpty();
    assertThat(OwnUserOnly.uidOf(List.of(ours, namesake), from, to)).isEmpty();
  }

  @Test
  void traces_outliveTheStore_andAHalfWrittenRecord() throws Exception {
    String traceId;
    try (TraceStore store = TraceStore.start(folder, 0)) {
      traceId = send(store, "evt-1");
    }
    Path last = new TraceFiles(folder).segments().getLast();
    Files.write(last, new byte[] {0, 0, 1, 0, 7, 7}, StandardOpenOption.APPEND);

    assertThat(new TraceFiles(folder).find(traceId)).isPresent();
    try (TraceStore next = TraceStore.start(folder, 0)) {
      String second = send(next, "evt-2");
      assertThat(next.files().find(traceId)).isPresent();
      assertThat(next.files().find(second)).isPresent();
    }
  }

  @Test
  void theFiles_stayWithinTheirBound_andTheNewestTracesAreKept() throws Exception {
    try (TraceStore store = TraceStore.start(folder, 0, 2_000, 3)) {
      String first = send(store, "evt-0");
      String last = first;
      for (int i = 1; i < 40; i++) {
        last = send(store, "evt-" + i);
      }
      assertThat(store.files().segments()).hasSize(3);
      assertThat(bytes()).isLessThan(3 * 4_000);
      assertThat(store.files().find(last)).isPresent();
      assertThat(store.files().find(first)).isEmpty();
    }
  }

  @Test
  void aTakenPort_isAnErrorAtTheStart() throws Exception {
    try (TraceStore store = TraceStore.start(folder, 0)) {
      int port = store.endpoint().getPort();
      assertThatThrownBy(() -> TraceStore.start(folder.resolve("other"), port))
          .isInstanceOf(IOException.class);
    }
  }

  private long bytes() throws IOException {
    long all = 0;
    for (Path file : new TraceFiles(folder).segments()) {
      all += Files.size(file);
    }
    return all;
  }

  /** Sends a trace of two spans with the exporter that the agents use, and waits until it is in. */
  private static String send(TraceStore store, String eventId) {
    long before = store.received();
    String traceId = export(store, eventId);
    await().until(() -> store.received() == before + 2);
    return traceId;
  }

  private static String export(TraceStore store, String eventId) {
    OtlpGrpcSpanExporter exporter =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(store.endpoint().toString())
            .setTimeout(60, TimeUnit.SECONDS)
            .build();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "ingester")))
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      Tracer tracer = provider.get("test");
      var root =
          tracer
              .spanBuilder("ingest")
              .setAttribute("agentweave.event_id", eventId)
              .setAttribute("agentweave.payload_size", 42L)
              .startSpan();
      try (Scope scope = root.makeCurrent()) {
        assertThat(scope).isNotNull();
        tracer.spanBuilder("process").startSpan().setStatus(StatusCode.ERROR, "denied").end();
      }
      root.end();
      provider.forceFlush().join(60, TimeUnit.SECONDS);
      return root.getSpanContext().getTraceId();
    }
  }
}
