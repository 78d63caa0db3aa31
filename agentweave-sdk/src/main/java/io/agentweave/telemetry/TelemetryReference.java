package io.agentweave.telemetry;

import io.agentweave.config.ReferenceSection;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the reference of spans and meters from the enums that name them. */
public final class TelemetryReference {

  private TelemetryReference() {}

  /**
   * Two tables.
   *
   * @param module whose they are; the section's name
   */
  public static ReferenceSection of(
      String module, List<? extends SpanName> spans, List<? extends MeterName> meters) {
    StringBuilder text = new StringBuilder("## ").append(module).append('\n');
    if (!spans.isEmpty()) {
      text.append("\n| span | covers |\n|---|---|\n");
      for (SpanName span : spans) {
        text.append("| `").append(span.spanName()).append("` | ");
        text.append(span.meaning()).append(" |\n");
      }
    }
    if (!meters.isEmpty()) {
      text.append(
          "\n| meter | in Prometheus | kind | labels | measures |\n|---|---|---|---|---|\n");
      for (MeterName meter : meters) {
        text.append("| `").append(meter.meterName()).append("` | ");
        text.append("`").append(inPrometheus(meter)).append("` | ");
        text.append(kind(meter)).append(" | ");
        text.append(String.join(", ", meter.labels())).append(" | ");
        text.append(meter.meaning()).append(" |\n");
      }
    }
    return new ReferenceSection(module, text.toString());
  }

  /** The attributes that spans carry. */
  public static ReferenceSection keys() {
    String list =
        Arrays.stream(SpanKey.values())
            .map(key -> "`" + key.key() + "`")
            .collect(Collectors.joining(", "));
    return new ReferenceSection("span attributes", "## Span attributes\n\n" + list + ".");
  }

  private static String inPrometheus(MeterName meter) {
    return switch (meter.kind()) {
      case COUNTER -> meter.prometheusName() + "_total";
      case TIMER, GAUGE -> meter.prometheusName();
    };
  }

  private static String kind(MeterName meter) {
    return switch (meter.kind()) {
      case COUNTER -> "counter";
      case TIMER -> "histogram";
      case GAUGE -> "gauge";
    };
  }
}
