package io.agentweave.server;

import io.agentweave.audit.AuditEvent;
import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import io.agentweave.identity.PeerIdentity;
import io.agentweave.identity.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a call so far. The stages write it, the observers around them read it, all on
 * the thread of the call.
 */
final class Observation {
  private final String requestId;
  private final Rpc rpc;
  private @Nullable TraceContext trace;
  private @Nullable PeerIdentity peer;
  private @Nullable Asked asked;
  private @Nullable String decisionId;

  Observation(String requestId, Rpc rpc) {
    this.requestId = requestId;
    this.rpc = rpc;
  }

  void traced(TraceContext context) {
    trace = context;
  }

  /** The span of the call. */
  TraceContext trace() {
    if (trace == null) {
      throw new IllegalStateException("the call is not observed yet");
    }
    return trace;
  }

  void identified(PeerIdentity proven) {
    peer = proven;
  }

  void asked(Asked read) {
    asked = read;
  }

  void decided(String id) {
    decisionId = id;
  }

  @Nullable String decisionId() {
    return decisionId;
  }

  @Nullable PeerIdentity peer() {
    return peer;
  }

  String requestId() {
    return requestId;
  }

  Rpc rpc() {
    return rpc;
  }

  /** The action, as policy and audit know it. */
  String action() {
    return asked == null ? rpc.action() : asked.action();
  }

  int payloadSize() {
    return asked == null ? 0 : asked.payload().size();
  }

  @Nullable String taskId() {
    return asked == null ? null : asked.taskId();
  }

  AuditEvent.Subject subject(SpiffeId callee) {
    return new AuditEvent.Subject(
        requestId,
        Direction.INBOUND,
        rpc.method(),
        action(),
        peer == null ? null : peer.spiffeId().toString(),
        peer == null ? null : peer.svidSerial(),
        callee.toString(),
        payloadSize(),
        trace);
  }
}
