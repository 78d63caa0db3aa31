package io.agentweave.client;

import io.agentweave.authz.Permit;

/** An attempt that policy allows this agent to make. */
record Permitted(Attempt attempt, Permit permit) {}
