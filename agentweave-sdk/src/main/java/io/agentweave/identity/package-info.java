/** Who an agent is and who its peer is: SPIFFE IDs, X.509-SVIDs, and the one snapshot of both. */
@NullMarked
package io.agentweave.identity;

import org.jspecify.annotations.NullMarked;
