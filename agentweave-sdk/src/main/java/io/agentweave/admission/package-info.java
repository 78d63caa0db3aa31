/** How much is let in: concurrency permits, rate limits, tickets. */
@NullMarked
package io.agentweave.admission;

import org.jspecify.annotations.NullMarked;
