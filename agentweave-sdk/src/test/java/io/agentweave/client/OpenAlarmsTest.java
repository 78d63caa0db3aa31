package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.WireRequests;
import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.SendMessageResponse;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Enforcement;
import io.agentweave.call.Call;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.call.SteadyClock;
import io.agentweave.config.DiscoverySection;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.SwitchableIdentity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who calls often and waits long must not have an alarm for each call that is over. */
final class OpenAlarmsTest {
  private static final int PATROL = 1;

  private final Authority root = Authority.root("mesh");
  private final SwitchableIdentity self = SwitchableIdentity.of(Caller.SELF, root);
  private final Caller parts = Caller.of(self);
  private final PeerChannels channels =
      new PeerChannels(self, Caller.PATIENT.connectionPool(), parts.telemetry);

  @AfterEach
  void close() {
    channels.close();
    parts.close();
  }

  private CallOutcome<String> call(String address) {
    Payload payload = Payload.ofJson("{}");
    Call call =
        new Call(
            "request",
            Direction.OUTBOUND,
            "SendMessage",
            "process_event",
            null,
            payload,
            Deadline.in(Duration.ofHours(1)));
    Breakers breakers =
        new Breakers(
            target ->
                new TargetBreaker(
                    target, Caller.PATIENT.circuitBreaker(), SteadyClock.clock(), () -> {}));
    return OutboundChain.<String>of(
            new ClientParts(
                self,
                Authorization.authorizer(parts.policy, Enforcement.DENY),
                parts.audit,
                parts.telemetry,
                new DiscoverySection(Map.of(), "{name}.invalid:8443"),
                Caller.PATIENT,
                "development"),
            channels,
            breakers)
        .pass(
            new Outgoing(
                call,
                SpiffeId.parse(Caller.SELF),
                self.current().svidSerial(),
                Caller.TARGET,
                Optional.of(address),
                false,
                new Trail()),
            new Exchange<>(
                parts.telemetry,
                Exchange.Method.of(
                    A2AServiceGrpc.getSendMessageMethod(),
                    SendMessageResponse.getDefaultInstance()),
                WireRequests.send("request", "process_event", payload),
                answer -> CallOutcome.completed("answered")));
  }

  private int alarms(String address) {
    Address parsed = Address.parse(address).orElseThrow();
    PeerChannels.Lease.Taken taken =
        (PeerChannels.Lease.Taken) channels.lease(Caller.TARGET, parsed);
    try {
      return ((ScheduledThreadPoolExecutor) taken.channel().alarms()).getQueue().size();
    } finally {
      taken.channel().release();
    }
  }

  @Test
  void callThatWasAnswered_leavesNone() {
    SwitchableIdentity processor = SwitchableIdentity.of(Caller.TARGET.toString(), root);
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            processor, request -> TaskResult.completed(new Part.DataPart(Payload.ofJson("{}"))))) {
      for (int i = 0; i < 20; i++) {
        assertThat(call(peer.address())).isEqualTo(CallOutcome.completed("answered"));
      }
      // The patrol itself may be under way just then.
      assertThat(alarms(peer.address())).isLessThanOrEqualTo(PATROL);
    }
  }

  @Test
  void callThatReachedNobody_leavesNone() {
    assertThat(call("127.0.0.1:1").word()).isEqualTo("unreachable");
    assertThat(alarms("127.0.0.1:1")).isLessThanOrEqualTo(PATROL);
  }
}
