package io.agentweave.telemetry;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;

/** Puts exemplars to the numbers of a metric, which Micrometer can't for labels of our own. */
final class ExemplarJoin {

  private ExemplarJoin() {}

  /** The metric with the exemplars of its series; metrics of other kinds stay as they are. */
  static MetricSnapshot join(MetricSnapshot metric, Map<Labels, Exemplars> exemplars) {
    if (exemplars.isEmpty()) {
      return metric;
    }
    return switch (metric) {
      case CounterSnapshot counter ->
          new CounterSnapshot(
              counter.getMetadata(),
              counter.getDataPoints().stream().map(point -> join(point, exemplars)).toList());
      case HistogramSnapshot histogram ->
          new HistogramSnapshot(
              histogram.getMetadata(),
              histogram.getDataPoints().stream().map(point -> join(point, exemplars)).toList());
      default -> metric;
    };
  }

  private static CounterDataPointSnapshot join(
      CounterDataPointSnapshot point, Map<Labels, Exemplars> exemplars) {
    Exemplars found = exemplars.getOrDefault(point.getLabels(), Exemplars.EMPTY);
    return new CounterDataPointSnapshot(
        point.getValue(),
        point.getLabels(),
        found.getLatest(),
        point.getCreatedTimestampMillis(),
        point.getScrapeTimestampMillis());
  }

  private static HistogramDataPointSnapshot join(
      HistogramDataPointSnapshot point, Map<Labels, Exemplars> exemplars) {
    return new HistogramDataPointSnapshot(
        point.getClassicBuckets(),
        point.getSum(),
        point.getLabels(),
        exemplars.getOrDefault(point.getLabels(), Exemplars.EMPTY),
        point.getCreatedTimestampMillis());
  }
}
