package io.agentweave.telemetry;

import static io.agentweave.telemetry.MeterName.Kind.COUNTER;
import static io.agentweave.telemetry.MeterName.Kind.GAUGE;
import static io.agentweave.telemetry.MeterName.Kind.TIMER;

import java.util.List;

/**
 * The meters of the mesh itself. A peer's ID is never a label: there may be any number of peers.
 * Values of {@code capability} that this agent does not know are counted as {@code other}.
 */
public enum AgentMeter implements MeterName {
  CALLS(
      "agentweave.calls",
      COUNTER,
      "calls that ended; outcome is completed, failed or a refusal kind",
      "direction",
      "capability",
      "outcome"),
  CALL_DURATION(
      "agentweave.call.duration",
      TIMER,
      "from the first byte to the answer or refusal",
      "direction",
      "capability",
      "outcome"),
  CALL_RETRIES("agentweave.call.retries", COUNTER, "further tries of outbound calls", "capability"),
  DECISIONS(
      "agentweave.decisions",
      COUNTER,
      "policy decisions; outcome is permit, denied or unavailable",
      "direction",
      "outcome"),
  DECISION_DURATION(
      "agentweave.decision.duration", TIMER, "the policy engine's time to answer", "outcome"),
  DECISIONS_REUSED(
      "agentweave.decisions.reused", COUNTER, "permits used again as policy allows", "direction"),
  DECISIONS_SHADOWED(
      "agentweave.decisions.shadowed",
      COUNTER,
      "refusals that log-only mode let through; never in production",
      "direction"),
  SVID_EXPIRY_SECONDS(
      "agentweave.svid.expiry.seconds", GAUGE, "seconds until the agent's own SVID expires"),
  SVID_ROTATIONS("agentweave.svid.rotations", COUNTER, "identity snapshots taken up"),
  IDENTITY_DEGRADED(
      "agentweave.identity.degraded", GAUGE, "1 while the Workload API can't be reached, else 0"),
  HANDSHAKES_REFUSED(
      "agentweave.handshakes.refused",
      COUNTER,
      "peers that did not prove who they are, by the SVID rule they broke",
      "direction",
      "rule"),
  CONNECTIONS("agentweave.connections", GAUGE, "open connections", "direction"),
  CONNECTIONS_WITHDRAWN(
      "agentweave.connections.withdrawn",
      COUNTER,
      "connections closed because their peer is no longer trusted"),
  CONNECTIONS_CUT(
      "agentweave.connections.cut",
      COUNTER,
      "connections closed because their proven peer broke a limit, by its name",
      "limit"),
  PERMITS_IN_USE(
      "agentweave.permits.in_use",
      GAUGE,
      "calls that run; capability all is the whole agent",
      "capability"),
  CALLS_LIMITED(
      "agentweave.calls.limited", COUNTER, "calls refused by a limit, by its name", "limit"),
  CIRCUITS_OPEN("agentweave.circuits.open", GAUGE, "targets that are not called for a while"),
  DEAD_LETTERS_ADDED("agentweave.dead_letters.added", COUNTER, "dead letters kept", "reason"),
  DEAD_LETTERS_OPEN("agentweave.dead_letters.open", GAUGE, "dead letters waiting for somebody"),
  AUDIT_RECORDS("agentweave.audit.records", COUNTER, "audit records written", "kind"),
  AUDIT_UNWRITABLE(
      "agentweave.audit.unwritable", COUNTER, "audit records that could not be written"),
  SPANS_DROPPED(
      "agentweave.spans.dropped",
      COUNTER,
      "spans that were not exported: queue_full or export_failed",
      "cause");

  private final String meterName;
  private final Kind kind;
  private final String meaning;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
  private final List<String> labels;

  AgentMeter(String meterName, Kind kind, String meaning, String... labels) {
    this.meterName = meterName;
    this.kind = kind;
    this.meaning = meaning;
    this.labels = List.of(labels);
  }

  @Override
  public String meterName() {
    return meterName;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
