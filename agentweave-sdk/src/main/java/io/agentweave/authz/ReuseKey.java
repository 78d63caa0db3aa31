package io.agentweave.authz;

import io.agentweave.call.Call;
import io.agentweave.call.Direction;
import io.agentweave.identity.SpiffeId;
import java.time.DayOfWeek;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that policy may have looked at, so that a permit is reused for no other question: the whole
 * policy input but its request id, deadline and exact time, and the SVID that proved the peer.
 *
 * <p>The payload's size is part of it: grants limit it.
 */
record ReuseKey(
    Direction direction,
    SpiffeId caller,
    SpiffeId callee,
    String rpc,
    String action,
    @Nullable String taskId,
    int payloadSize,
    String environment,
    int utcHour,
    DayOfWeek utcWeekday,
    String peerSvidSerial) {

  private static final long SECONDS_OF_AN_HOUR = 3_600;
  private static final long HOURS_OF_A_DAY = 24;

  /** 1970-01-01. */
  private static final DayOfWeek DAY_ZERO = DayOfWeek.THURSDAY;

  /** The members of the input document that two equal keys agree in. */
  static final Set<String> MEMBERS =
      Set.of(
          "input.direction",
          "input.caller_spiffe_id",
          "input.callee_spiffe_id",
          "input.resource_spiffe_id",
          "input.caller_trust_domain",
          "input.resource_trust_domain",
          "input.action",
          "input.context.task_id",
          "input.context.payload_size",
          "input.context.environment",
          "input.context.utc_hour",
          "input.context.utc_weekday",
          "input.context.rpc");

  static ReuseKey of(PolicyInput input, String peerSvidSerial) {
    Call call = input.call();
    long hours = Math.floorDiv(input.timestamp().getEpochSecond(), SECONDS_OF_AN_HOUR);
    return new ReuseKey(
        call.direction(),
        input.caller(),
        input.callee(),
        call.rpc(),
        call.action(),
        call.taskId(),
        call.payload().size(),
        input.environment(),
        (int) Math.floorMod(hours, HOURS_OF_A_DAY),
        DAY_ZERO.plus(Math.floorDiv(hours, HOURS_OF_A_DAY)),
        peerSvidSerial);
  }
}
