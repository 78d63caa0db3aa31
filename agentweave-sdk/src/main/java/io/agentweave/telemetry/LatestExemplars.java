package io.agentweave.telemetry;

import io.agentweave.call.TraceContext;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The latest call in each bucket of one series; a counter has one bucket. Safe for many threads.
 */
final class LatestExemplars {
  private final double[] bounds;
  private final AtomicReferenceArray<@Nullable Seen> latest;

  private record Seen(CallExemplar call, double value, long at) {}

  /**
   * Makes it empty.
   *
   * @param bounds the inclusive upper bounds of the buckets but the last, ascending
   */
  LatestExemplars(double... bounds) {
    this.bounds = bounds.clone();
    this.latest = new AtomicReferenceArray<>(bounds.length + 1);
  }

  void see(CallExemplar call, double value) {
    int found = Arrays.binarySearch(bounds, value);
    int bucket = found >= 0 ? found : -found - 1;
    latest.lazySet(bucket, new Seen(call, value, System.currentTimeMillis()));
  }

  /** One for each bucket that has seen a call that can be looked up. */
  Exemplars all() {
    List<Exemplar> all = new ArrayList<>();
    for (int bucket = 0; bucket < latest.length(); bucket++) {
      Seen seen = latest.get(bucket);
      Labels labels = seen == null ? Labels.EMPTY : labels(seen.call());
      if (seen != null && !labels.isEmpty()) {
        all.add(new Exemplar(seen.value(), labels, seen.at()));
      }
    }
    return Exemplars.of(all);
  }

  private static Labels labels(CallExemplar call) {
    Labels labels = Labels.EMPTY;
    TraceContext trace = call.trace();
    if (trace != null && trace.sampled()) {
      labels = labels.add(Exemplar.TRACE_ID, trace.traceId()).add(Exemplar.SPAN_ID, trace.spanId());
    }
    String decisionId = call.decisionId();
    return decisionId == null ? labels : labels.add("decision_id", decisionId);
  }
}
