package io.agentweave.bench.pipeline;

import io.agentweave.bench.MeasurementException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/** Sends events one by one or in batches, and counts what became of them. */
final class Sending {
  private static final byte[] ONE = "{\"event_data\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MANY = "{\"events\":[".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern STORED = Pattern.compile("\"ingested\":([0-9]+)");
  private static final String ONE_STORED = "\"status\":\"ingested\"";

  private final Events events;
  private final UnaryOperator<byte[]> single;
  private final UnaryOperator<byte[]> batch;

  Sending(Events events, UnaryOperator<byte[]> single, UnaryOperator<byte[]> batch) {
    this.events = events;
    this.single = single;
    this.batch = batch;
  }

  /**
   * {@code closed SIZE IN_FLIGHT EVENTS} keeps so many calls under way, and {@code timed SIZE
   * IN_FLIGHT MILLIS} does so for some time; {@code paced SIZE EVENTS_PER_SECOND MILLIS} begins
   * calls at fixed times, whatever became of earlier ones. A size of 1 means single calls, any
   * other one batches.
   */
  Map<String, Object> obey(String[] words) throws InterruptedException {
    int size = Integer.parseInt(words[1]);
    int number = Integer.parseInt(words[2]);
    long amount = Long.parseLong(words[3]);
    Tally tally = new Tally();
    long begin = System.nanoTime();
    switch (words[0]) {
      case "closed" -> {
        AtomicLong left = new AtomicLong(amount);
        closed(number, () -> (int) Math.min(size, left.getAndAdd(-size)), tally);
      }
      case "timed" -> {
        long end = begin + TimeUnit.MILLISECONDS.toNanos(amount);
        closed(number, () -> System.nanoTime() - end < 0 ? size : 0, tally);
      }
      case "paced" -> paced(size, number, TimeUnit.MILLISECONDS.toNanos(amount), tally);
      default -> throw new MeasurementException("not a command: " + words[0]);
    }
    return tally.said((System.nanoTime() - begin) / 1e9);
  }

  /** {@code next} says how many events the next call has, and none when there is no next one. */
  private void closed(int inFlight, IntSupplier next, Tally tally) throws InterruptedException {
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < inFlight; i++) {
      senders.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int size = next.getAsInt(); size > 0; size = next.getAsInt()) {
                      send(size, System.nanoTime(), tally);
                    }
                  }));
    }
    for (Thread sender : senders) {
      sender.join();
    }
  }

  private void paced(int size, int eventsPerSecond, long forNanos, Tally tally)
      throws InterruptedException {
    Semaphore unanswered = new Semaphore(1000);
    long begin = System.nanoTime();
    for (long sent = 0; ; sent += size) {
      long due = begin + sent * TimeUnit.SECONDS.toNanos(1) / eventsPerSecond;
      if (due - begin >= forNanos) {
        break;
      }
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(Math.min(left, 50_000));
      }
      unanswered.acquire();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  send(size, due, tally);
                } finally {
                  unanswered.release();
                }
              });
    }
    unanswered.acquire(1000);
  }

  private void send(int size, long since, Tally tally) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream(size * 600 + 64);
    payload.writeBytes(size == 1 ? ONE : MANY);
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        payload.write(',');
      }
      events.appendNext(payload);
    }
    payload.writeBytes((size == 1 ? "}" : "]}").getBytes(StandardCharsets.US_ASCII));
    try {
      byte[] answer = (size == 1 ? single : batch).apply(payload.toByteArray());
      tally.answered(size, stored(size, answer), payload.size(), System.nanoTime() - since);
    } catch (RuntimeException e) {
      tally.failed(size, e);
    }
  }

  /** Looks at the answer's beginning only: the totals stand before the single answers. */
  private static int stored(int size, byte[] answer) {
    String start = new String(answer, 0, Math.min(answer.length, 400), StandardCharsets.ISO_8859_1);
    if (size == 1) {
      return start.contains(ONE_STORED) ? 1 : 0;
    }
    Matcher totals = STORED.matcher(start);
    return totals.find() ? Integer.parseInt(totals.group(1)) : 0;
  }

  /** What became of the events of one command. */
  private static final class Tally {
    private final ConcurrentHistogram nanos =
        new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(120), 3);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

    void answered(int events, int rows, int size, long took) {
      answered.addAndGet(events);
      stored.addAndGet(rows);
      bytes.addAndGet(size);
      // Each event of a batch waited as long as the batch.
      nanos.recordValueWithCount(took, events);
    }

    void failed(int events, RuntimeException why) {
      failed.addAndGet(events);
      firstFailure.compareAndSet(null, String.valueOf(why.getMessage()));
    }

    Map<String, Object> said(double seconds) {
      Map<String, Object> said = new LinkedHashMap<>();
      said.put("answered", answered.get());
      said.put("stored", stored.get());
      said.put("failed", failed.get());
      said.put("first_failure", String.valueOf(firstFailure.get()));
      said.put("bytes", bytes.get());
      said.put("seconds", seconds);
      said.put("p50_ms", nanos.getValueAtPercentile(50) / 1e6);
      said.put("p99_ms", nanos.getValueAtPercentile(99) / 1e6);
      said.put("max_ms", nanos.getMaxValue() / 1e6);
      return said;
    }
  }
}
