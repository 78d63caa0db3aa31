package io.agentweave.server;

import io.agentweave.authz.Permit;
import io.agentweave.call.Call;
import io.agentweave.call.TraceContext;
import io.agentweave.identity.PeerIdentity;

/**
 * A call that may run: all that was proven about it on its way. There is none without a {@link
 * Permit}, so no handler runs without one.
 *
 * @param call what was asked
 * @param peer who asked
 * @param permit the decision that let it in
 * @param taskId the A2A task that it carries out
 * @param messageId the caller's id of the message
 * @param trace the span of this call; what the handler does belongs under it
 * @param updates what the caller may see before the end
 */
public record ServedCall(
    Call call,
    PeerIdentity peer,
    Permit permit,
    String taskId,
    String messageId,
    TraceContext trace,
    TaskUpdates updates) {}
