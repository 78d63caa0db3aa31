package io.agentweave.identity;

/**
 * The peer's certificates prove nothing.
 *
 * @param rule which rule they break
 * @param detail what was found, for operators; the peer is not told
 */
public record Rejected(SvidRule rule, String detail) implements Verification {}
