package io.agentweave.authz;

import io.agentweave.call.Call;
import io.agentweave.identity.SpiffeId;
import java.time.Instant;

/**
 * What policy is asked about: who, whom, what, and the circumstances. Payload contents are not part
 * of it.
 *
 * @param call the request, for direction, action, ids, size and deadline
 * @param caller who calls
 * @param callee who is called; also the resource
 * @param environment the agent's {@code agent.environment}
 * @param timestamp now
 */
public record PolicyInput(
    Call call, SpiffeId caller, SpiffeId callee, String environment, Instant timestamp) {}
