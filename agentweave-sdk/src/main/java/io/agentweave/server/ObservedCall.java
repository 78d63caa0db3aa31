package io.agentweave.server;

/**
 * A call that is being observed.
 *
 * @param asked what its message says; not to be acted on before its peer is proven
 */
record ObservedCall(ReceivedCall received, Asked asked) {}
