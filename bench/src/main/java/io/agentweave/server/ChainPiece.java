package io.agentweave.server;

import com.google.protobuf.ByteString;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.a2a.WireRequests;
import io.agentweave.a2a.v1.AgentCard;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.admission.AdmissionControl;
import io.agentweave.admission.AdmissionLimits;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.PeerPattern;
import io.agentweave.authz.PeerRequirement;
import io.agentweave.bench.call.HotParts;
import io.agentweave.bench.call.NothingKept;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Deadline;
import io.agentweave.config.ServerSection;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.pipeline.contract.Event;
import io.agentweave.validation.Binding;
import io.agentweave.validation.JsonLimits;
import io.agentweave.validation.PayloadBinder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A call through the whole inbound chain, from the bytes of its message to its outcome, with no
 * network and nothing written to disk: all stages are those of an agent, the audit log keeps
 * nothing. In this package because there is no other way into the chain than a connection.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else
public class ChainPiece {
  private static final int PLACES = 1000;
  private static final int FAST = 1_000_000_000;
  private static final Duration LONG = Duration.ofSeconds(10);

  private HotParts parts;
  private InboundChain chain;
  private Optional<PeerConnection> connection;
  private InflightBytes inflight;
  private ScheduledExecutorService timer;
  private ByteString message;
  private CallHeaders headers;

  /** Puts the chain together as a server does. */
  @Setup
  public void open() throws IOException, NoSuchMethodException {
    parts = HotParts.open();
    if (!(parts.identity().current().verify(parts.peer()) instanceof PeerIdentity proven)) {
      throw new IllegalStateException("the peer can't be proven");
    }
    connection =
        Optional.of(
            new PeerConnection(parts.peer(), "127.0.0.1:1", proven, Runnable::run, () -> {}));
    inflight = InflightBytes.forMessagesOf(1 << 20);
    timer = Executors.newSingleThreadScheduledExecutor();
    message =
        WireRequests.send(
                "0b3a1c52-7f1e-4f63-9d5c-6f0f8f1b2a3c", HotParts.CAPABILITY, HotParts.payload())
            .toByteString();
    headers = new CallHeaders(Optional.of(ProtocolVersion.V1_0_1), null, "SendMessage");
    ServerSection settings =
        new ServerSection(
            "localhost",
            0,
            PLACES,
            LONG,
            LONG,
            1 << 20,
            new ServerSection.RequestsPerSecond(FAST, Map.of()));
    CapabilityCatalogue catalogue = CapabilityCatalogue.of(List.of(capability()));
    chain =
        ChainAssembly.of(
            new ServerProfile("measured", "", "1", "production", settings, catalogue),
            new ServerParts(
                parts.identity(),
                Authorization.authorizer(parts.engine(), Enforcement.DENY),
                AdmissionControl.of(
                    new AdmissionLimits(
                        PLACES,
                        Map.of(HotParts.CAPABILITY, PLACES - 1),
                        PLACES,
                        FAST,
                        Map.of(),
                        Set.of(),
                        LONG)),
                new NothingKept(),
                parts.telemetry()),
            new TaskStore(TaskStore.Limits.USUAL),
            Optional::empty,
            AgentCard::getDefaultInstance);
  }

  private ServedCapability capability() throws NoSuchMethodException {
    PayloadBinder binder =
        PayloadBinder.of(
            this,
            ChainPiece.class.getDeclaredMethod("measured", Event.class),
            Set.of(),
            JsonLimits.USUAL);
    Invocation answer = call -> CallOutcome.completed(HotParts.answer());
    return new ServedCapability(
        HotParts.CAPABILITY,
        "",
        List.of("application/json"),
        List.of("application/json"),
        new PeerRequirement(List.of(PeerPattern.parse(HotParts.CALLER.toString()))),
        OptionalInt.empty(),
        ServedCapability.Kind.SKILL,
        payload ->
            switch (binder.bind(payload)) {
              case Binding.Bound bound -> new Decoded.Ready(answer);
              case Binding.Unfit(var violations) -> new Decoded.Invalid(violations);
            });
  }

  /** Its signature is what payloads are bound to. */
  void measured(Event eventData) {}

  /** Identity, peer requirement, policy, quotas, binding, the task, span, meters and the answer. */
  @Benchmark
  public CallOutcome<Reply> inboundChain() {
    Slot slot = new Slot(Deadline.in(LONG), Optional.empty(), inflight, () -> {});
    CallOutcome<Reply> outcome =
        chain.carry(
            new ReceivedCall(
                slot,
                Rpc.SEND_MESSAGE,
                headers,
                new Arrival.Complete(message),
                slot.limit(),
                connection,
                new WorkGuard(timer),
                new NoWire(),
                new Observation(slot.requestId(), Rpc.SEND_MESSAGE)));
    slot.giveBack();
    if (!(outcome instanceof CallOutcome.Answered<Reply>(var reply, var completed)) || !completed) {
      throw new IllegalStateException("not answered: " + outcome);
    }
    return outcome;
  }

  /** Closes and removes everything. */
  @TearDown
  public void close() {
    timer.shutdownNow();
    parts.close();
  }

  /** Nobody is there to read an answer. */
  private static final class NoWire implements Exchange {
    @Override
    public void answerEarly(com.google.protobuf.Message reply) {}

    @Override
    public boolean stream(StreamResponse event) {
      return true;
    }

    @Override
    public void finish(CallOutcome<Reply> outcome) {}

    @Override
    public boolean callerIsGone() {
      return false;
    }
  }
}
