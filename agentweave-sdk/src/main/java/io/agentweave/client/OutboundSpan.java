package io.agentweave.client;

import io.agentweave.telemetry.SpanName;

enum OutboundSpan implements SpanName {
  CALL,
  ATTEMPT,
  POLICY;

  @Override
  public String spanName() {
    return "agentweave.outbound." + name().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public String meaning() {
    return name();
  }
}
