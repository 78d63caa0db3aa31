package io.agentweave.agent;

import io.agentweave.authz.Permit;
import io.agentweave.call.Deadline;
import io.agentweave.call.Payload;
import io.agentweave.call.TraceContext;
import io.agentweave.identity.PeerIdentity;

/**
 * The circumstances of the call that a handler serves.
 *
 * @param requestId leads to audit, trace and logs
 * @param caller proven by its SVID
 * @param permit the decision that let it in
 * @param deadline when the caller stops waiting
 * @param trace where this call is in its trace
 * @param taskId the A2A task that the handler carries out
 * @param payload the parameters as they arrived
 */
public record RequestContext(
    String requestId,
    PeerIdentity caller,
    Permit permit,
    Deadline deadline,
    TraceContext trace,
    String taskId,
    Payload payload) {}
