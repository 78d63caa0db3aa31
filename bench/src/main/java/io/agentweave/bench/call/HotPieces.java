package io.agentweave.bench.call;

import io.agentweave.audit.AuditEvent;
import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditReceipt;
import io.agentweave.audit.AuditSettings;
import io.agentweave.audit.AuditSigner;
import io.agentweave.audit.FileAuditLog;
import io.agentweave.authz.Decision;
import io.agentweave.authz.PolicyInput;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.call.TraceContext;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.Verification;
import io.agentweave.pipeline.contract.Event;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.AgentMeter;
import io.agentweave.telemetry.SpanKey;
import io.agentweave.validation.Binding;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonLimits;
import io.agentweave.validation.JsonReading;
import io.agentweave.validation.PayloadBinder;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The pieces that every call passes, one by one, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else
public class HotPieces {
  private HotParts parts;
  private PolicyInput input;
  private AuditLog audit;
  private AuditEvent event;
  private PayloadBinder binder;
  private Payload payload;

  /** Makes real ones of everything. */
  @Setup
  public void open() throws IOException, NoSuchMethodException {
    parts = HotParts.open();
    payload = Payload.ofJson(Sample.payload());
    input = HotParts.policyInput();
    binder =
        PayloadBinder.of(
            this,
            HotPieces.class.getDeclaredMethod("measured", Event.class),
            Set.of(),
            JsonLimits.USUAL);
    audit =
        FileAuditLog.open(
            AuditSettings.of(parts.folder().resolve("audit"), Secured.SERVER),
            AuditSigner.with(parts.identity()));
    event =
        new AuditEvent.Ended(
            new AuditEvent.Subject(
                "0b3a1c52-7f1e-4f63-9d5c-6f0f8f1b2a3c",
                Direction.INBOUND,
                "SendMessage",
                Secured.CAPABILITY,
                Secured.CLIENT.toString(),
                "5f3c2a1b",
                Secured.SERVER.toString(),
                Sample.PAYLOAD_BYTES,
                new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true)),
            "completed",
            "",
            "01a1fe57-be5a-7f18-9129-4973e5b36704",
            Duration.ofMillis(3));
  }

  /** What {@link #bindingAndValidation} binds to. */
  void measured(Event eventData) {}

  /** One decision of the embedded engine. */
  @Benchmark
  public Decision policyDecision() {
    return parts.engine().decide(input);
  }

  /** A payload of 500 bytes to a validated record. */
  @Benchmark
  public Binding bindingAndValidation() {
    return binder.bind(payload);
  }

  /** The strict reading of the same payload alone. */
  @Benchmark
  public JsonReading strictJson() {
    return Json.read(payload.bytes());
  }

  /** One record with the operating system, its hash chained, its fsync left to the group. */
  @Benchmark
  public AuditReceipt auditAppend() {
    return audit.record(event);
  }

  /** All SPIFFE and path checks of a peer's certificates. */
  @Benchmark
  public Verification peerVerification() {
    return parts.identity().current().verify(parts.peer());
  }

  /** The reading of an ID. */
  @Benchmark
  public SpiffeId spiffeId() {
    return SpiffeId.parse("spiffe://agentweave.io/agent/measuring");
  }

  /** The span of a call that is not exported, with its facts. */
  @Benchmark
  public String span() {
    try (ActiveSpan span =
        parts.telemetry().callSpan(Direction.INBOUND, Secured.CAPABILITY, null)) {
      span.note(SpanKey.REQUEST_ID, "0b3a1c52-7f1e-4f63-9d5c-6f0f8f1b2a3c")
          .note(SpanKey.OUTCOME, "completed");
      return span.context().traceId();
    }
  }

  /** The count and the timer of a call. */
  @Benchmark
  public void meters() {
    parts.telemetry().count(AgentMeter.CALLS, 1, "inbound", Secured.CAPABILITY, "completed");
    parts
        .telemetry()
        .time(
            AgentMeter.CALL_DURATION,
            Duration.ofMillis(1),
            "inbound",
            Secured.CAPABILITY,
            "completed");
  }

  /** Closes and removes everything. */
  @TearDown
  public void close() {
    audit.close();
    parts.close();
  }
}
