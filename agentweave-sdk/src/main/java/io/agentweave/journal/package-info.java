/** Append-only files that survive crashes and full disks: what audit and dead letters stand on. */
@NullMarked
package io.agentweave.journal;

import org.jspecify.annotations.NullMarked;
