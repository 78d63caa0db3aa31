package io.agentweave.server;

import io.agentweave.call.CallOutcome;

/** Does the work of a call that has passed every stage. */
final class Dispatcher {
  private final TaskWork tasks;
  private final ProtocolWork protocol;

  Dispatcher(TaskWork tasks, ProtocolWork protocol) {
    this.tasks = tasks;
    this.protocol = protocol;
  }

  CallOutcome<Reply> run(DecodedCall call) {
    return switch (call.work()) {
      case Work.RunTask work -> tasks.run(call.permitted(), work);
      case Work.Look(Operation.OfProtocol operation) ->
          protocol.run(call.permitted().addressed(), operation);
    };
  }
}
