package io.agentweave.server;

/** A permitted call within its quotas: its place inside is held around it. */
record AdmittedCall(PermittedCall permitted) {}
