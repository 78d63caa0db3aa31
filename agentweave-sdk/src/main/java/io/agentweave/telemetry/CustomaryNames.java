package io.agentweave.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

/**
 * Keeps what Micrometer says of the processor within what {@code promtool check metrics} accepts:
 * times are in seconds, and only parts of a histogram are named {@code _count}.
 */
final class CustomaryNames implements MeterFilter {
  private static final String CPU_NANOS = "process.cpu.time";
  private static final String CPU_COUNT = "system.cpu.count";

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    return id.getName().equals(CPU_NANOS) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    return id.getName().equals(CPU_COUNT) ? id.withName("system.cpus") : id;
  }
}
