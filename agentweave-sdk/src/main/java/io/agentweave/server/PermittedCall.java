package io.agentweave.server;

import io.agentweave.authz.Permit;

/** A call that policy allows, and whose decision is written down. */
record PermittedCall(AddressedCall addressed, Permit permit) {}
