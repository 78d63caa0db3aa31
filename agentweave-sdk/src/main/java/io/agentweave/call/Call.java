package io.agentweave.call;

import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a chain, before anything about its sender is believed.
 *
 * @param requestId made by the side that observes the call; leads to audit, trace and logs
 * @param direction which chain it runs through
 * @param rpc the A2A method, such as {@code SendMessage}
 * @param action what policy is asked about: the capability, or a protocol action such as {@code
 *     task.get}
 * @param taskId the task it is about, if it is about an existing one
 * @param payload the JSON parameters
 * @param deadline when its sender stops waiting
 */
public record Call(
    String requestId,
    Direction direction,
    String rpc,
    String action,
    @Nullable String taskId,
    Payload payload,
    Deadline deadline) {}
