/** Operating system processes: which one it is, what it runs, and how to end it. */
@NullMarked
package io.agentweave.local.process;

import org.jspecify.annotations.NullMarked;
