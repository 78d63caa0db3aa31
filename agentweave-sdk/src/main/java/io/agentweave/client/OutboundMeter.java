package io.agentweave.client;

import io.agentweave.telemetry.MeterName;
import java.util.List;

enum OutboundMeter implements MeterName {
  CALLS;

  @Override
  public String meterName() {
    return "agentweave.calls";
  }

  @Override
  public Kind kind() {
    return Kind.TIMER;
  }

  @Override
  public List<String> labels() {
    return List.of("direction", "capability", "outcome");
  }

  @Override
  public String meaning() {
    return "calls";
  }
}
