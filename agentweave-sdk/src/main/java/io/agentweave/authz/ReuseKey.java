package io.agentweave.authz;

import io.agentweave.call.Call;
import io.agentweave.call.Direction;
import io.agentweave.identity.SpiffeId;
import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
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
    ZonedDateTime utc = input.timestamp().atZone(ZoneOffset.UTC);
    return new ReuseKey(
        call.direction(),
        input.caller(),
        input.callee(),
        call.rpc(),
        call.action(),
        call.taskId(),
        call.payload().size(),
        input.environment(),
        utc.getHour(),
        utc.getDayOfWeek(),
        peerSvidSerial);
  }
}
