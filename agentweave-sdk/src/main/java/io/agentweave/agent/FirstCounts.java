package io.agentweave.agent;

import io.agentweave.call.Direction;
import io.agentweave.call.RefusalKind;
import io.agentweave.identity.SvidRule;
import io.agentweave.server.CapabilityCatalogue;
import io.agentweave.server.ServedCapability;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.Telemetry;
import java.util.List;
import java.util.stream.Stream;

/**
 * The counters that alerts look at, at zero before anything is counted. A series that Prometheus
 * sees for the first time at 300 has not grown, so that no alert would tell of a first burst.
 */
final class FirstCounts {
  /** The limits that turn calls away. */
  static final List<String> LIMITS =
      List.of(
          "agent_concurrency",
          "arrivals",
          "capability_concurrency",
          "inflight_bytes",
          "peer_arrivals",
          "peer_concurrency",
          "peer_rate",
          "subscription");

  /** The limits that end connections of proven peers. */
  static final List<String> CUTS = List.of("frame_flood", "peer_connections", "unread_answers");

  /** What a connection is refused for, besides the rules of SVIDs. */
  static final List<String> REJECTIONS = List.of("alpn", "connection_limit", "handshake_flood");

  private static final List<String> DECISIONS = List.of("permit", "denied", "unavailable");
  private static final List<String> LETTERS = List.of("invalid", "failed");
  private static final List<String> LOST_SPANS = List.of("queue_full", "export_failed");

  /** A name has room for some hundred series, and what really happens needs most of it. */
  private static final int MOST_CAPABILITIES = 30;

  /** How calls end at the door, and how they end usually. */
  private static final List<String> OUTCOMES =
      Stream.concat(
              Stream.of("completed", "failed"),
              Stream.of(
                      RefusalKind.UNAUTHENTICATED,
                      RefusalKind.DENIED,
                      RefusalKind.AUDIT_UNAVAILABLE,
                      RefusalKind.OVERLOADED,
                      RefusalKind.INVALID)
                  .map(RefusalKind::word))
          .toList();

  private final Telemetry telemetry;

  private FirstCounts(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /**
   * Makes them, once for each agent.
   *
   * @param skills the agent's own capabilities
   */
  static void begin(Telemetry telemetry, CapabilityCatalogue skills) {
    FirstCounts counts = new FirstCounts(telemetry);
    counts.calls(skills);
    for (Direction direction : Direction.values()) {
      DECISIONS.forEach(outcome -> counts.zero(AgentMeter.DECISIONS, direction.word(), outcome));
      for (SvidRule rule : SvidRule.values()) {
        counts.zero(AgentMeter.HANDSHAKES_REFUSED, direction.word(), rule.word());
      }
    }
    String inbound = Direction.INBOUND.word();
    REJECTIONS.forEach(rule -> counts.zero(AgentMeter.HANDSHAKES_REFUSED, inbound, rule));
    LIMITS.forEach(limit -> counts.zero(AgentMeter.CALLS_LIMITED, limit));
    CUTS.forEach(limit -> counts.zero(AgentMeter.CONNECTIONS_CUT, limit));
    LETTERS.forEach(reason -> counts.zero(AgentMeter.DEAD_LETTERS_ADDED, reason));
    LOST_SPANS.forEach(cause -> counts.zero(AgentMeter.SPANS_DROPPED, cause));
    counts.zero(AgentMeter.AUDIT_UNWRITABLE);
  }

  private void calls(CapabilityCatalogue skills) {
    Stream.concat(
            skills.all().stream().map(ServedCapability::name).limit(MOST_CAPABILITIES),
            Stream.of("other"))
        .forEach(
            capability ->
                OUTCOMES.forEach(
                    outcome ->
                        zero(AgentMeter.CALLS, Direction.INBOUND.word(), capability, outcome)));
  }

  private void zero(AgentMeter counter, String... labels) {
    telemetry.count(counter, 0, labels);
  }
}
