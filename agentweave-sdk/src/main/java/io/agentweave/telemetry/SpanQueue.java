package io.agentweave.telemetry;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands ended spans to an exporter in batches, on a thread of its own. Never blocks the thread that
 * ends a span: what does not fit into the queue, or can't be exported, is dropped and counted,
 * exactly. (The vendor's batch processor tells its drops only to a metrics SDK of its own.)
 */
final class SpanQueue implements SpanProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(SpanQueue.class);
  static final int CAPACITY = 8192;
  static final int BATCH = 512;
  private static final long EVERY_MILLIS = 250;
  private static final long EXPORT_SECONDS = 10;
  private static final long CLOSE_SECONDS = 3;

  /** Its size can be asked without a lock. An empty element wakes a worker that has nothing. */
  private final BlockingQueue<Optional<ReadableSpan>> queue = new LinkedBlockingQueue<>(CAPACITY);

  private final Supplier<SpanExporter> exporters;
  private final ObjLongConsumer<String> dropped;
  private final Thread worker;
  private volatile boolean closing;

  /** The worker sleeps until a batch is full or time is up, and single spans don't wake it. */
  private volatile boolean gathering;

  private boolean failing;

  /**
   * Starts the thread.
   *
   * @param exporters makes the exporter when the first span is there, because that takes time
   * @param dropped is told why and how many
   */
  SpanQueue(Supplier<SpanExporter> exporters, ObjLongConsumer<String> dropped) {
    this.exporters = exporters;
    this.dropped = dropped;
    this.worker = Thread.ofPlatform().daemon().name("span-export").start(this::run);
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (closing || !queue.offer(Optional.of(span))) {
      dropped.accept("queue_full", 1);
    }
    if (gathering && queue.size() >= BATCH) {
      gathering = false;
      LockSupport.unpark(worker);
    }
  }

  private void run() {
    SpanExporter exporter = null;
    List<ReadableSpan> batch = new ArrayList<>(BATCH);
    while (!(closing && queue.isEmpty())) {
      fill(batch);
      if (!batch.isEmpty()) {
        exporter = exporter == null ? made() : exporter;
        export(exporter, batch);
        batch.clear();
      }
    }
    if (exporter != null) {
      exporter.shutdown().join(1, TimeUnit.SECONDS);
    }
  }

  /** Null when it can't be made now; the next batch tries again. */
  private @Nullable SpanExporter made() {
    try {
      return exporters.get();
    } catch (RuntimeException e) {
      LOG.debug("The exporter can't be made", e);
      return null;
    }
  }

  /** Waits for a first span, then a moment for more. */
  private void fill(List<ReadableSpan> batch) {
    List<Optional<ReadableSpan>> taken = new ArrayList<>(BATCH);
    try {
      if (!closing) {
        taken.add(queue.take());
      }
    } catch (InterruptedException e) {
      closing = true;
    }
    gather();
    queue.drainTo(taken, BATCH - taken.size());
    taken.forEach(span -> span.ifPresent(batch::add));
  }

  private void gather() {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
    gathering = true;
    while (gathering && !closing && queue.size() < BATCH) {
      long left = end - System.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        break;
      }
      LockSupport.parkNanos(this, left);
    }
    gathering = false;
  }

  private void export(@Nullable SpanExporter exporter, List<ReadableSpan> batch) {
    List<SpanData> data = batch.stream().map(ReadableSpan::toSpanData).toList();
    boolean exported = exporter != null && succeeds(exporter, data);
    if (!exported) {
      dropped.accept("export_failed", data.size());
    }
    if (failing == exported) {
      failing = !exported;
      if (failing) {
        LOG.warn("Spans can't be exported and are dropped; calls are not affected");
      } else {
        LOG.info("Spans are exported again");
      }
    }
  }

  private static boolean succeeds(SpanExporter exporter, List<SpanData> data) {
    try {
      return exporter.export(data).join(EXPORT_SECONDS, TimeUnit.SECONDS).isSuccess();
    } catch (RuntimeException e) {
      LOG.debug("The exporter failed", e);
      return false;
    }
  }

  @Override
  public CompletableResultCode shutdown() {
    closing = true;
    queue.offer(Optional.empty());
    LockSupport.unpark(worker);
    try {
      worker.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    worker.interrupt();
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public void onStart(@Nullable Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }
}
