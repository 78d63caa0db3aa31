package io.agentweave.agent;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.deadletter.DeadLetterException;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.identity.IdentityHealth;
import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.IdentitySource;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.Readiness;
import io.agentweave.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How an agent is, for those who watch it. Safe for use by many threads. */
final class Vitals {
  private final IdentitySource identity;
  private final AuditLog audit;
  private final DeadLetterQueue letters;
  private volatile boolean serving;

  Vitals(IdentitySource identity, AuditLog audit, DeadLetterQueue letters) {
    this.identity = identity;
    this.audit = audit;
    this.letters = letters;
  }

  /** Whether calls are taken. */
  void serving(boolean now) {
    serving = now;
  }

  Readiness readiness() {
    Optional<String> unusable = identity.current().unusableBecause();
    return new Readiness(
        List.of(
            new Readiness.Check(
                "identity", unusable.isEmpty(), unusable.orElse(identity.health().detail())),
            new Readiness.Check(
                "audit", audit.writable(), audit.writable() ? "" : "can't be written"),
            new Readiness.Check("server", serving, serving ? "" : "takes no calls")));
  }

  /** Shows the gauges, and writes down each new SVID until the handle is closed. */
  IdentitySource.Subscription watch(Telemetry telemetry) {
    telemetry.gauge(
        AgentMeter.SVID_EXPIRY_SECONDS,
        () -> Duration.between(Instant.now(), identity.current().notAfter()).toMillis() / 1000.0);
    telemetry.gauge(
        AgentMeter.IDENTITY_DEGRADED,
        () -> identity.health().state() == IdentityHealth.State.UP ? 0 : 1);
    telemetry.gauge(AgentMeter.DEAD_LETTERS_OPEN, this::openLetters);
    return identity.onChange(
        newest -> {
          telemetry.count(AgentMeter.SVID_ROTATIONS, 1);
          audit.record(noticed(newest));
        });
  }

  private double openLetters() {
    try {
      return letters.open();
    } catch (DeadLetterException e) {
      return Double.NaN;
    }
  }

  private static AuditEvent noticed(IdentitySnapshot newest) {
    return newest
        .unusableBecause()
        .map(why -> new AuditEvent.Noticed("svid_unusable", why, null))
        .orElseGet(
            () ->
                new AuditEvent.Noticed(
                    "svid_rotated",
                    "serial %s until %s".formatted(newest.svidSerial(), newest.notAfter()),
                    null));
  }
}
