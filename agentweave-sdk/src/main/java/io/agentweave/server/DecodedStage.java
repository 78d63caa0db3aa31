package io.agentweave.server;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.call.Stage;

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
        Decoded decoded = telemetry.validation(() -> served.decoder().decode(send.payload()));
        yield switch (decoded) {
          case Decoded.Invalid(var violations) ->
              CallOutcome.refused(new Refusal.Invalid(violations));
          case Decoded.Ready(Invocation invocation) ->
              next.proceed(new DecodedCall(permitted, new Work.RunTask(send, invocation)));
        };
      }
    };
  }
}
