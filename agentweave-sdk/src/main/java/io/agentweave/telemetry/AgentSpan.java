package io.agentweave.telemetry;

/** The spans of the mesh itself. */
public enum AgentSpan implements SpanName {
  INBOUND_CALL("{agent}.{capability}", "a call that this agent serves, refusals included"),
  OUTBOUND_CALL("call {capability}", "a call that this agent makes, retries included"),
  ATTEMPT("call.attempt", "one try of an outbound call"),
  POLICY_DECISION("policy.decide", "a question to the policy engine and its answer"),
  VALIDATION("payload.validate", "decoding a payload and checking its rules"),
  HANDLER("handler.run", "the method that carries the capability out"),
  DEAD_LETTER_WRITE("dead_letter.write", "keeping what could not be processed, until durable"),
  DEAD_LETTER_REPLAY("dead_letter.replay", "processing a dead letter again");

  private final String spanName;
  private final String meaning;

  AgentSpan(String spanName, String meaning) {
    this.spanName = spanName;
    this.meaning = meaning;
  }

  @Override
  public String spanName() {
    return spanName;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
