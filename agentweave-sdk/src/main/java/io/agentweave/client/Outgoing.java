package io.agentweave.client;

import io.agentweave.call.Call;
import io.agentweave.identity.SpiffeId;
import java.util.Optional;

/**
 * A request that wants out.
 *
 * @param call what is asked
 * @param caller this agent
 * @param callerSvidSerial the SVID this agent has when the call begins
 * @param target the only peer that may hear it
 * @param address {@code host:port} to use instead of the one that discovery names
 * @param idempotent whether doing it twice is as good as once
 * @param trail what happened to it so far
 */
record Outgoing(
    Call call,
    SpiffeId caller,
    String callerSvidSerial,
    SpiffeId target,
    Optional<String> address,
    boolean idempotent,
    Trail trail) {}
