package io.agentweave.authz;

import io.agentweave.call.Call;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Policy inputs as tests need them, and the checkout's own policies. */
final class Questions {
  static final String INGESTER = "spiffe://agentweave.io/agent/ingester";
  static final String PROCESSOR = "spiffe://agentweave.io/agent/processor";
  static final String CLI = "spiffe://agentweave.io/operator/cli";
  static final Path POLICIES = Path.of(System.getProperty("agentweave.root"), "policies");

  private static final Instant FRIDAY_MORNING = Instant.parse("2026-11-20T09:30:00Z");

  private Questions() {}

  /** The one call that the shipped grants allow and most tests start from. */
  static PolicyInput granted() {
    return inbound(INGESTER, "process_event");
  }

  static PolicyInput inbound(String caller, String action) {
    return of(Direction.INBOUND, caller, PROCESSOR, action);
  }

  static PolicyInput outbound(String caller, String callee, String action) {
    return of(Direction.OUTBOUND, caller, callee, action);
  }

  static PolicyInput of(Direction direction, String caller, String callee, String action) {
    Call call =
        new Call(
            "req-1",
            direction,
            "SendMessage",
            action,
            null,
            Payload.ofJson("{}"),
            Deadline.in(Duration.ofSeconds(30)));
    return new PolicyInput(
        call, SpiffeId.parse(caller), SpiffeId.parse(callee), "production", FRIDAY_MORNING);
  }

  static PolicyInput with(PolicyInput input, Payload payload, @Nullable String taskId) {
    Call call = input.call();
    return new PolicyInput(
        new Call(
            call.requestId(),
            call.direction(),
            call.rpc(),
            call.action(),
            taskId,
            payload,
            call.deadline()),
        input.caller(),
        input.callee(),
        input.environment(),
        input.timestamp());
  }

  static PolicyInput by(PolicyInput input, String rpc) {
    Call call = input.call();
    return new PolicyInput(
        new Call(
            call.requestId(),
            call.direction(),
            rpc,
            call.action(),
            call.taskId(),
            call.payload(),
            call.deadline()),
        input.caller(),
        input.callee(),
        input.environment(),
        input.timestamp());
  }

  static PolicyInput at(PolicyInput input, Instant timestamp) {
    return new PolicyInput(
        input.call(), input.caller(), input.callee(), input.environment(), timestamp);
  }

  static PolicyInput in(PolicyInput input, String environment) {
    return new PolicyInput(
        input.call(), input.caller(), input.callee(), environment, input.timestamp());
  }
}
