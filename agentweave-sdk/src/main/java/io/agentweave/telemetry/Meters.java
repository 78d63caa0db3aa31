package io.agentweave.telemetry;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one process, in a Prometheus registry. Each name has at most {@value #MOST_SERIES}
 * combinations of labels; the values of further ones are called {@code other}.
 */
final class Meters implements AutoCloseable {
  static final int MOST_SERIES = 500;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final Duration[] BUCKETS =
      List.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000).stream()
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Map<Series, Counted> counters = new ConcurrentHashMap<>();
  private final Map<Series, Timed> timers = new ConcurrentHashMap<>();
  private final Map<MeterKey, Counted> foundCounters = new ConcurrentHashMap<>();
  private final Map<MeterKey, Timed> foundTimers = new ConcurrentHashMap<>();
  private final Map<Series, DoubleSupplier> gauges = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> series = new ConcurrentHashMap<>();
  private final AtomicBoolean jvm = new AtomicBoolean();
  private final UnaryOperator<String> capabilities;

  private record Series(MeterName name, List<String> labels) {
    Labels inPrometheus() {
      return Labels.of(name.labels(), labels);
    }
  }

  private record Counted(Counter counter, LatestExemplars latest) {}

  private record Timed(Timer timer, LatestExemplars latest) {}

  /**
   * Makes an empty registry.
   *
   * @param capabilities maps values of the label {@code capability} to a bounded set
   */
  Meters(UnaryOperator<String> capabilities) {
    this.capabilities = capabilities;
    registry.config().meterFilter(new CustomaryNames());
  }

  void count(
      MeterName name, double amount, @Nullable CallExemplar exemplar, String... labelValues) {
    MeterKey given = new MeterKey(name, labelValues);
    Counted counted = foundCounters.get(given);
    if (counted == null) {
      Series key = series(name, MeterName.Kind.COUNTER, labelValues);
      counted = counters.get(key);
      if (counted == null) {
        counted = counters.computeIfAbsent(bounded(key), this::counter);
      }
      remember(foundCounters, given, key, labelValues, counters.get(key));
    }
    counted.counter().increment(amount);
    if (exemplar != null) {
      counted.latest().see(exemplar, amount);
    }
  }

  void time(
      MeterName name, Duration duration, @Nullable CallExemplar exemplar, String... labelValues) {
    MeterKey given = new MeterKey(name, labelValues);
    Timed timed = foundTimers.get(given);
    if (timed == null) {
      Series key = series(name, MeterName.Kind.TIMER, labelValues);
      timed = timers.get(key);
      if (timed == null) {
        timed = timers.computeIfAbsent(bounded(key), this::timer);
      }
      remember(foundTimers, given, key, labelValues, timers.get(key));
    }
    timed.timer().record(duration);
    if (exemplar != null) {
      timed.latest().see(exemplar, seconds(duration));
    }
  }

  /**
   * Finds it sooner the next time. Only where the labels stand as they were given: others may be of
   * any number, and what they are counted as may change.
   */
  private static <M> void remember(
      Map<MeterKey, M> found, MeterKey given, Series key, String[] labels, @Nullable M exact) {
    if (exact != null && key.labels().equals(Arrays.asList(labels))) {
      found.put(given, exact);
    }
  }

  void gauge(MeterName name, DoubleSupplier value, String... labelValues) {
    Series key = bounded(series(name, MeterName.Kind.GAUGE, labelValues));
    if (gauges.put(key, value) == null) {
      Gauge.builder(name.meterName(), () -> read(key))
          .tags(tags(key))
          .description(name.meaning())
          .register(registry);
    }
  }

  /**
   * The meters of the JVM join at the first scrape: they take time that a start doesn't have.
   *
   * @param accept as of HTTP; OpenMetrics, if it is preferred, else the Prometheus text format
   */
  Scrape scrape(String accept) {
    if (jvm.compareAndSet(false, true)) {
      bindJvm();
    }
    ExpositionFormatWriter writer = writer(accept);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.write(out, withExemplars(registry.getPrometheusRegistry().scrape()));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return new Scrape(writer.getContentType(), out.toString(StandardCharsets.UTF_8));
  }

  /** One of the two formats that are text: the library has others, and a scrape is text. */
  private ExpositionFormatWriter writer(String accept) {
    ExpositionFormatWriter openMetrics = formats.getOpenMetricsTextFormatWriter();
    return openMetrics.accepts(accept) ? openMetrics : formats.getPrometheusTextFormatWriter();
  }

  /** The metrics as they are, with the latest call beside each number that has one. */
  private MetricSnapshots withExemplars(MetricSnapshots metrics) {
    Map<String, Map<Labels, Exemplars>> known = new HashMap<>();
    counters.forEach((key, counted) -> add(known, key, counted.latest()));
    timers.forEach((key, timed) -> add(known, key, timed.latest()));
    return new MetricSnapshots(
        metrics.stream()
            .map(
                metric ->
                    ExemplarJoin.join(
                        metric,
                        known.getOrDefault(metric.getMetadata().getPrometheusName(), Map.of())))
            .toList());
  }

  private static void add(
      Map<String, Map<Labels, Exemplars>> known, Series key, LatestExemplars latest) {
    Exemplars exemplars = latest.all();
    if (exemplars.size() > 0) {
      known
          .computeIfAbsent(key.name().prometheusName(), name -> new HashMap<>())
          .put(key.inPrometheus(), exemplars);
    }
  }

  private void bindJvm() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      FunctionCounter.builder("process.cpu", system, s -> s.getProcessCpuTime() / NANOS_PER_SECOND)
          .baseUnit("seconds")
          .description("The processor time that the process has used")
          .register(registry);
    }
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }

  /** What can't be read is no number, and nobody's failure. */
  private double read(Series key) {
    try {
      DoubleSupplier supplier = gauges.get(key);
      return supplier == null ? Double.NaN : supplier.getAsDouble();
    } catch (RuntimeException e) {
      return Double.NaN;
    }
  }

  private Counted counter(Series key) {
    return new Counted(
        Counter.builder(key.name().meterName())
            .tags(tags(key))
            .description(key.name().meaning())
            .register(registry),
        new LatestExemplars());
  }

  private Timed timer(Series key) {
    return new Timed(
        Timer.builder(key.name().meterName())
            .tags(tags(key))
            .description(key.name().meaning())
            .serviceLevelObjectives(BUCKETS)
            .register(registry),
        new LatestExemplars(Arrays.stream(BUCKETS).mapToDouble(Meters::seconds).toArray()));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_SECOND;
  }

  private Series series(MeterName name, MeterName.Kind kind, String... labelValues) {
    if (name.kind() != kind || name.labels().size() != labelValues.length) {
      throw new IllegalArgumentException(
          name.meterName() + " is a " + name.kind() + " with the labels " + name.labels());
    }
    int capability = name.labels().indexOf("capability");
    if (capability < 0) {
      return new Series(name, List.of(labelValues));
    }
    List<String> values = new ArrayList<>(List.of(labelValues));
    values.set(capability, capabilities.apply(values.get(capability)));
    return new Series(name, List.copyOf(values));
  }

  private Series bounded(Series key) {
    if (key.labels().isEmpty() || counters.containsKey(key) || timers.containsKey(key)) {
      return key;
    }
    int taken =
        series
            .computeIfAbsent(key.name().meterName(), name -> new AtomicInteger())
            .incrementAndGet();
    return taken <= MOST_SERIES
        ? key
        : new Series(key.name(), Collections.nCopies(key.labels().size(), "other"));
  }

  private static List<Tag> tags(Series key) {
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < key.labels().size(); i++) {
      tags.add(Tag.of(key.name().labels().get(i), key.labels().get(i)));
    }
    return tags;
  }
}
