package io.agentweave.deadletter;

/**
 * A dead letter on a list.
 *
 * @param letter holds an empty content
 * @param contentSize of the content that it has, in bytes
 */
public record ListedLetter(DeadLetter letter, int contentSize) {}
