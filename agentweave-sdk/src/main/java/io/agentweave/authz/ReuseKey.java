package io.agentweave.authz;

import io.agentweave.call.Call;
import io.agentweave.call.Direction;
import io.agentweave.identity.SpiffeId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that policy may have looked at, so that an answer is given to no other question: the whole
 * policy input but its request id, deadline and exact time, and the SVID that proved the peer.
 *
 * <p>The payload's size and the hour are part of it, since grants limit them, but in a key {@link
 * #ofAnySizeAndTime}.
 *
 * @param hourOfWeek hours since the beginning of a Thursday, UTC
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
    int hourOfWeek,
    String peerSvidSerial) {

  private static final long SECONDS_OF_AN_HOUR = 3_600;
  private static final long HOURS_OF_A_WEEK = 7 * 24;
  private static final int ANY = -1;

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
    return of(input, peerSvidSerial, input.call().payload().size(), hourOfWeek(input));
  }

  /** What all questions have in common that differ from this one in size and time only. */
  static ReuseKey ofAnySizeAndTime(PolicyInput input, String peerSvidSerial) {
    return of(input, peerSvidSerial, ANY, ANY);
  }

  private static ReuseKey of(
      PolicyInput input, String peerSvidSerial, int payloadSize, int hourOfWeek) {
    Call call = input.call();
    return new ReuseKey(
        call.direction(),
        input.caller(),
        input.callee(),
        call.rpc(),
        call.action(),
        call.taskId(),
        payloadSize,
        input.environment(),
        hourOfWeek,
        peerSvidSerial);
  }

  /** Equal for two times of the same hour and weekday; 1970-01-01 was a Thursday. */
  static int hourOfWeek(PolicyInput input) {
    long hours = Math.floorDiv(input.timestamp().getEpochSecond(), SECONDS_OF_AN_HOUR);
    return (int) Math.floorMod(hours, HOURS_OF_A_WEEK);
  }
}
