package io.agentweave.server;

/**
 * A call that came in whole and in time, and that holds a place inside.
 *
 * @param asked what its message says; not to be acted on before its peer is proven
 */
record CompleteCall(ReceivedCall received, Asked asked) {}
