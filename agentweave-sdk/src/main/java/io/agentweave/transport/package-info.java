/** Sockets and the bytes on them: the threads that read and write, and messages as they travel. */
@NullMarked
package io.agentweave.transport;

import org.jspecify.annotations.NullMarked;
