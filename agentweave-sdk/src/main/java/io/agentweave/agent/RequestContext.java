package io.agentweave.agent;

import io.agentweave.authz.Permit;
import io.agentweave.call.Deadline;
import io.agentweave.call.Payload;
import io.agentweave.call.TraceContext;
import io.agentweave.identity.PeerIdentity;

/**
 * The circumstances of the call that a handler serves.
 *
 * @param capability which one of the agent's
 * @param requestId leads to audit, trace and logs
 * @param caller proven by its SVID; in a replay of a dead letter, the operator who replays it
 * @param permit the decision that let it in; in a replay, the one about the original caller
 * @param deadline when the caller stops waiting
 * @param trace where this call is in its trace
 * @param taskId the A2A task that the handler carries out
 * @param messageId what the caller calls its message
 * @param payload the parameters as they arrived
 */
public record RequestContext(
    String capability,
    String requestId,
    PeerIdentity caller,
    Permit permit,
    Deadline deadline,
    TraceContext trace,
    String taskId,
    String messageId,
    Payload payload) {}
