package io.agentweave.server;

import io.agentweave.call.CallOutcome;
import io.agentweave.call.Stage;

/**
 * The one way in: every call of every peer passes these stages in this order, and there is no other
 * path to a handler. The types say what each stage has proven, so a missing one does not compile.
 */
final class InboundChain {
  private final Stage<ReceivedCall, DecodedCall, Reply> stages;
  private final Dispatcher dispatcher;

  InboundChain(ChainParts parts) {
    dispatcher = parts.dispatcher();
    stages =
        parts
            .observed() // 1: audit record, span and metric of every call, refusals included
            .then(parts.contained()) // 2: what breaks becomes a refusal; RefusalStatus maps those
            .then(parts.inTime()) // 3: deadline and load shed
            .then(parts.identified()) // 4: the TLS session's peer, by the current snapshot
            .then(parts.permitted()) // 5: peer requirement, then policy; written down
            .then(parts.admitted()) // 6: quotas of the peer and of the capability
            .then(parts.decoded()); // 7: parameters bound and valid
  }

  /** Carries the call to its outcome. Blocks; never throws. */
  CallOutcome<Reply> carry(ReceivedCall call) {
    return stages.pass(call, dispatcher::run); // 8: the handler, which needs a Permit
  }
}
