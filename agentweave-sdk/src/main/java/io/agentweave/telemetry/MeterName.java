package io.agentweave.telemetry;

import java.util.List;

/** The name of a meter. Implemented by enums only, so that each name is spelled once. */
public interface MeterName {

  /** Dotted lower-case, as Micrometer wants it: {@code agentweave.calls}. */
  String meterName();

  Kind kind();

  /** The keys of its labels, in the order in which their values are given. */
  List<String> labels();

  /** What it measures and in which unit, for the reference page. */
  String meaning();

  /** Its name in Prometheus, without the suffixes that a kind adds to its samples. */
  default String prometheusName() {
    String name = meterName().replace('.', '_');
    return kind() == Kind.TIMER ? name + "_seconds" : name;
  }

  /** How a meter counts. */
  enum Kind {
    COUNTER,
    TIMER,
    GAUGE
  }
}
