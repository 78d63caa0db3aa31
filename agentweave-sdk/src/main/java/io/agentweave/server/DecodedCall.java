package io.agentweave.server;

/** A call whose parameters are bound and valid: all that is left is to do the work. */
record DecodedCall(PermittedCall permitted, Work work) {}
