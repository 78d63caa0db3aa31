package io.agentweave.telemetry;

/** Every key of a span attribute. */
public enum SpanKey {
  REQUEST_ID("agentweave.request_id"),
  DIRECTION("agentweave.direction"),
  RPC("rpc.method"),
  CAPABILITY("agentweave.capability"),
  PEER("agentweave.peer"),
  TARGET("agentweave.target"),
  PAYLOAD_SIZE("agentweave.payload_size"),
  OUTCOME("agentweave.outcome"),
  REFUSAL_DETAIL("agentweave.refusal.detail"),
  DECISION("agentweave.decision"),
  DECISION_ID("agentweave.decision_id"),
  DECISION_REASON("agentweave.decision.reason"),
  POLICY_ID("agentweave.policy_id"),
  POLICY_REVISION("agentweave.policy_revision"),
  REUSED("agentweave.decision.reused"),
  TASK_ID("agentweave.task_id"),
  ATTEMPT("agentweave.attempt"),
  EVENTS("agentweave.events"),
  EVENT_ID("agentweave.event_id");

  private final String key;

  SpanKey(String key) {
    this.key = key;
  }

  public String key() {
    return key;
  }
}
