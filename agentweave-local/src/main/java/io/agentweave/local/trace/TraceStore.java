package io.agentweave.local.trace;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes spans of the user's own processes over OTLP/gRPC on the loopback address and appends them
 * to files of bounded size; the oldest file makes room for the newest. Nothing is kept in memory.
 * Spans that can't be written are counted as dropped, and their sender is told.
 */
public final class TraceStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TraceStore.class);
  private static final long SEGMENT_BYTES = 16L << 20;
  private static final int SEGMENTS = 12;

  private final TraceFiles files;
  private final long segmentBytes;
  private final int segments;
  private final Server server;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("trace-store").factory());
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final Object lock = new Object();
  private SegmentFile current;
  private long number;

  private TraceStore(Path folder, int port, long segmentBytes, int segments, int uid)
      throws IOException {
    this.segmentBytes = segmentBytes;
    this.segments = segments;
    files = new TraceFiles(folder);
    number = firstNumber();
    current = SegmentFile.create(files.segment(number));
    OwnUserOnly gate = new OwnUserOnly(uid);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .executor(worker)
            .maxInboundMessageSize(32 << 20)
            .addTransportFilter(gate)
            .intercept(gate)
            .addService(service())
            .build();
  }

  /**
   * Starts taking spans.
   *
   * @param folder where the files are; those of an earlier store are kept
   * @param port 0 picks a free one
   */
  public static TraceStore start(Path folder, int port) throws IOException {
    return start(folder, port, SEGMENT_BYTES, SEGMENTS);
  }

  static TraceStore start(Path folder, int port, long segmentBytes, int segments)
      throws IOException {
    return start(folder, port, segmentBytes, segments, OwnUserOnly.ownUid());
  }

  /** For the user with this id. */
  static TraceStore start(Path folder, int port, long segmentBytes, int segments, int uid)
      throws IOException {
    Files.createDirectories(folder);
    TraceStore store = new TraceStore(folder, port, segmentBytes, segments, uid);
    try {
      store.server.start();
      return store;
    } catch (IOException failed) {
      store.close();
      throw failed;
    }
  }

  /** As {@code observability.tracing.endpoint} wants it. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  public TraceFiles files() {
    return files;
  }

  /** How many spans came in since the start. */
  public long received() {
    return received.get();
  }

  /** How many of them could not be written. */
  public long dropped() {
    return dropped.get();
  }

  /** Takes no more spans; what came in is in the files. */
  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(2, TimeUnit.SECONDS)) {
        server.shutdownNow();
        server.awaitTermination(2, TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    worker.shutdown();
    synchronized (lock) {
      try {
        current.close();
      } catch (IOException closed) {
        LOG.debug("Closing the trace file", closed);
      }
    }
  }

  private void append(byte[] request) throws IOException {
    synchronized (lock) {
      if (current.size() >= segmentBytes) {
        current.close();
        number++;
        current = SegmentFile.create(files.segment(number));
        dropOldest();
      }
      current.append(request);
    }
  }

  private void dropOldest() throws IOException {
    List<Path> all = files.segments();
    for (Path old : all.subList(0, Math.max(0, all.size() - segments))) {
      Files.deleteIfExists(old);
    }
  }

  private long firstNumber() {
    List<Path> all = files.segments();
    if (all.isEmpty()) {
      return 1;
    }
    String last = String.valueOf(all.getLast().getFileName());
    return Long.parseLong(last.substring(0, last.indexOf('.'))) + 1;
  }

  /** OTLP's trace service (opentelemetry-proto, collector/trace/v1). */
  private ServerServiceDefinition service() {
    MethodDescriptor<ExportTraceServiceRequest, ExportTraceServiceResponse> export =
        TraceServiceGrpc.getExportMethod();
    return ServerServiceDefinition.builder(TraceServiceGrpc.SERVICE_NAME)
        .addMethod(
            export.toBuilder(new AsBytes(), export.getResponseMarshaller()).build(),
            ServerCalls.asyncUnaryCall(this::export))
        .build();
  }

  /** Keeps the bytes that came. What is wrong within a span's fields shows when it is read. */
  private void export(byte[] request, StreamObserver<ExportTraceServiceResponse> answer) {
    long spans;
    try {
      spans = OtlpSpans.count(request);
    } catch (IOException e) {
      answer.onError(
          Status.INVALID_ARGUMENT
              .withDescription("not an ExportTraceServiceRequest: " + e.getMessage())
              .asRuntimeException());
      return;
    }
    received.addAndGet(spans);
    ExportTraceServiceResponse.Builder response = ExportTraceServiceResponse.newBuilder();
    try {
      append(request);
    } catch (IOException full) {
      LOG.warn("{} spans dropped: {}", spans, full.getMessage());
      dropped.addAndGet(spans);
      response.setPartialSuccess(
          ExportTracePartialSuccess.newBuilder()
              .setRejectedSpans(spans)
              .setErrorMessage("the trace store can't write"));
    }
    answer.onNext(response.build());
    answer.onCompleted();
  }
}
