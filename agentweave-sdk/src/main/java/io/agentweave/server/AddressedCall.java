package io.agentweave.server;

import io.agentweave.call.Call;
import io.agentweave.identity.PeerIdentity;

/**
 * A call of a proven peer, read as far as to know what it asks for.
 *
 * @param operation what is to be done, if it may be
 */
record AddressedCall(ReceivedCall received, PeerIdentity peer, Call call, Operation operation) {}
