package io.agentweave.server;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;
import io.agentweave.validation.TreeRoom;
import java.util.function.LongPredicate;

/** Binds the parameters and checks them. Runs for permitted calls only. */
final class DecodedStage implements Stage<AdmittedCall, DecodedCall, Reply> {
  private final CallTelemetry telemetry;

  DecodedStage(CallTelemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public CallOutcome<Reply> pass(AdmittedCall admitted, Next<DecodedCall, Reply> next) {
    PermittedCall permitted = admitted.permitted();
    return switch (permitted.addressed().operation()) {
      case Operation.OfProtocol operation ->
          next.proceed(new DecodedCall(permitted, new Work.Look(operation)));
      case Operation.Send send -> {
        ServedCapability served = send.served().orElseThrow();
        Room room = new Room(permitted.addressed().received());
        Decoded decoded =
            telemetry.validation(
                () -> TreeRoom.within(room, () -> served.decoder().decode(send.payload())));
        if (room.full) {
          yield CallOutcome.refused(InflightBytes.refusal());
        }
        yield switch (decoded) {
          case Decoded.Invalid(var violations) ->
              CallOutcome.refused(new Refusal.Invalid(violations));
          case Decoded.Ready(Invocation invocation) ->
              next.proceed(new DecodedCall(permitted, new Work.RunTask(send, invocation)));
        };
      }
    };
  }

  /** What the call may still take; remembers that there was no more. */
  private static final class Room implements LongPredicate {
    private final ReceivedCall call;
    private boolean full;

    Room(ReceivedCall call) {
      this.call = call;
    }

    @Override
    public boolean test(long bytes) {
      full |= !call.take(bytes);
      return !full;
    }
  }
}
