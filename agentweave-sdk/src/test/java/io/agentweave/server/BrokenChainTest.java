package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.a2a.v1.AgentCard;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.admission.Admission;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Authorizer;
import io.agentweave.authz.Decision;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.PeerRequirement;
import io.agentweave.authz.PolicyInput;
import io.agentweave.call.Call;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Stage;
import io.agentweave.identity.Authority;
import io.agentweave.identity.MintedSvid;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.SvidMint;
import io.agentweave.identity.SwitchableIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What each stage is there for: the whole chain stops an attack, and the same chain with this one
 * stage replaced by a careless one does not. Two stages have no careless twin: without a decision
 * there is no {@code Permit}, and without a decoder there is nothing to run.
 */
class BrokenChainTest {
  private final ServedScene scene =
      new ServedScene(TestCapabilities::catalogue, ServedScene.PATIENCE, 2)
          .allow(ServedScene.INGESTER, "echo");
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final MintedSvid peer = SvidMint.leaf(ServedScene.INGESTER).by(scene.authority);
  private Authorizer authorizer = Authorization.authorizer(scene.grants, Enforcement.DENY);
  private Deadline deadline = Deadline.in(ServedScene.PATIENCE);

  @AfterEach
  void close() {
    timer.shutdownNow();
    scene.close();
  }

  private RequestReader reader() {
    return new RequestReader(scene.capabilities.catalogue(), 64 * 1024);
  }

  private ChainParts parts() {
    CallTelemetry telemetry = new CallTelemetry(scene.telemetry);
    TaskStore tasks = new TaskStore(TaskStore.Limits.USUAL);
    var self = scene.identity.current().spiffeId();
    return new ChainParts(
        new ObservedStage(reader(), scene.audit, scene.telemetry, self),
        new ContainedStage(),
        new InTimeStage(scene.admission, Optional::empty),
        new IdentifiedStage(scene.identity),
        new PermittedStage(authorizer, scene.audit, telemetry, self, "development"),
        new AdmittedStage(scene.admission),
        new DecodedStage(telemetry),
        new Dispatcher(
            new TaskWork(tasks, telemetry),
            new ProtocolWork(tasks, AgentCard::getDefaultInstance)));
  }

  private ReceivedCall call() {
    PeerIdentity proven = (PeerIdentity) scene.identity.current().verify(peer.chain());
    Slot slot =
        new Slot(
            Deadline.in(ServedScene.PATIENCE),
            Optional.empty(),
            new InflightBytes(1 << 20),
            () -> {});
    return new ReceivedCall(
        slot,
        Rpc.SEND_MESSAGE,
        new CallHeaders(Optional.of(ProtocolVersion.V1_0_1), null, "SendMessage"),
        new Arrival.Complete(ServedScene.send("echo").toByteString()),
        deadline,
        Optional.of(new PeerConnection(peer.chain(), "here", proven, Runnable::run, () -> {})),
        new WorkGuard(timer),
        new Nobody(),
        new Observation(slot.requestId(), Rpc.SEND_MESSAGE));
  }

  /** What became of a call on the chain, and on the chain with the stage replaced. */
  private List<String> outcomes(UnaryOperator<ChainParts> broken, ReceivedCall... calls) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ChainParts parts = i == 0 ? parts() : broken.apply(parts());
      try {
        words.add(new InboundChain(parts).carry(calls[i]).word());
      } catch (RuntimeException e) {
        words.add("thrown");
      }
    }
    return words;
  }

  @Test
  void withoutObservers_nothingIsWrittenDown() {
    Stage<ReceivedCall, ObservedCall, Reply> careless =
        (call, next) ->
            next.proceed(
                new ObservedCall(
                    call,
                    reader()
                        .read(
                            call.rpc(),
                            call.headers(),
                            ((Arrival.Complete) call.arrival()).message(),
                            call::takeUpTo)));
    // Policy's record needs the observers' span: the careless chain gets no further.
    assertThat(outcomes(parts -> with(parts, careless), call(), call()))
        .containsExactly("completed", "broken");
    assertThat(scene.audit.ended()).as("by the whole chain alone").hasSize(1);
  }

  @Test
  void withoutContainment_aBugEscapes() {
    authorizer = new Bug();
    assertThat(
            outcomes(
                p ->
                    new ChainParts(
                        p.observed(),
                        (call, next) -> next.proceed(call),
                        p.inTime(),
                        p.identified(),
                        p.permitted(),
                        p.admitted(),
                        p.decoded(),
                        p.dispatcher()),
                call(),
                call()))
        .containsExactly("broken", "thrown");
  }

  @Test
  void withoutTheDeadline_policyIsAskedForNothing() {
    deadline = Deadline.in(Duration.ZERO);
    outcomes(
        p ->
            new ChainParts(
                p.observed(),
                p.contained(),
                (call, next) -> next.proceed(new CompleteCall(call.received(), call.asked())),
                p.identified(),
                p.permitted(),
                p.admitted(),
                p.decoded(),
                p.dispatcher()),
        call(),
        call());
    assertThat(scene.grants.asked()).as("by the broken chain alone").hasSize(1);
  }

  @Test
  void withoutIdentity_aPeerIsServedAfterItsAuthorityIsGone() {
    ReceivedCall[] calls = {call(), call()};
    Authority next = Authority.root("next");
    scene.identity.renew(
        SvidMint.leaf(ServedScene.SELF).by(next), SwitchableIdentity.bundle("agentweave.io", next));
    Stage<CompleteCall, AddressedCall, Reply> careless =
        (call, following) -> {
          ReceivedCall received = call.received();
          PeerIdentity believed = received.connection().orElseThrow().lastProven();
          received.observation().identified(believed);
          Asked asked = call.asked();
          Operation operation = ((Asked.Answer.Understood) asked.answer()).operation();
          return following.proceed(
              new AddressedCall(
                  received,
                  believed,
                  new Call(
                      received.requestId(),
                      Direction.INBOUND,
                      received.rpc().method(),
                      asked.action(),
                      asked.taskId(),
                      asked.payload(),
                      received.deadline()),
                  operation));
        };
    assertThat(
            outcomes(
                p ->
                    new ChainParts(
                        p.observed(),
                        p.contained(),
                        p.inTime(),
                        careless,
                        p.permitted(),
                        p.admitted(),
                        p.decoded(),
                        p.dispatcher()),
                calls))
        .containsExactly("unauthenticated", "completed");
  }

  @Test
  void withoutAuthorization_thereIsNoPermitToGoOnWith_soPolicyAloneDecides() {
    scene.grants.revoke(ServedScene.INGESTER, "echo");
    assertThat(outcomes(parts -> parts, call(), call())).containsExactly("denied", "denied");
    assertThat(scene.capabilities.runs).hasValue(0);
  }

  @Test
  void withoutQuotas_aPeerTakesMoreThanItsPlaces() {
    // Both places of the capability are taken.
    var ticket =
        scene.admission.admit(
            "echo", scene.identity.current().spiffeId(), null, Deadline.in(ServedScene.PATIENCE));
    assertThat(ticket).isInstanceOf(Admission.Admitted.class);
    assertThat(
            outcomes(
                p ->
                    new ChainParts(
                        p.observed(),
                        p.contained(),
                        p.inTime(),
                        p.identified(),
                        p.permitted(),
                        (permitted, next) -> next.proceed(new AdmittedCall(permitted)),
                        p.decoded(),
                        p.dispatcher()),
                call(),
                call()))
        .containsExactly("overloaded", "completed");
  }

  private static ChainParts with(ChainParts p, Stage<ReceivedCall, ObservedCall, Reply> observed) {
    return new ChainParts(
        observed,
        p.contained(),
        p.inTime(),
        p.identified(),
        p.permitted(),
        p.admitted(),
        p.decoded(),
        p.dispatcher());
  }

  /** A decider with a bug. */
  private static final class Bug implements Authorizer {
    @Override
    public Decision inbound(PolicyInput input, PeerIdentity peer, PeerRequirement requirement) {
      throw new IllegalStateException("a bug");
    }

    @Override
    public Decision outbound(PolicyInput input) {
      throw new IllegalStateException("a bug");
    }

    @Override
    public Decision replay(PolicyInput input, PeerRequirement requirement) {
      throw new IllegalStateException("a bug");
    }

    @Override
    public void close() {}
  }

  /** A caller that listens to nothing. */
  private static final class Nobody implements Exchange {
    @Override
    public void answerEarly(Message reply) {}

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
