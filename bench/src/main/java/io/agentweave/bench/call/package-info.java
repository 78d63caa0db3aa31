/** What one secured call costs, against the same call over raw gRPC Java. */
@NullMarked
package io.agentweave.bench.call;

import org.jspecify.annotations.NullMarked;
