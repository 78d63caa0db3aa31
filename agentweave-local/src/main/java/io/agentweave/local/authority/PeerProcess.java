package io.agentweave.local.authority;

import io.agentweave.local.process.ProcessRef;

/**
 * The process at the other end of a Unix socket, as the kernel names it.
 *
 * @param process which process it was when the connection was accepted
 * @param uid the user it ran as
 */
public record PeerProcess(ProcessRef process, int uid) {}
