/**
 * The identity authority of a local mesh: issues X.509-SVIDs and gives them to attested processes
 * over the SPIFFE Workload API.
 */
@NullMarked
package io.agentweave.local.authority;

import org.jspecify.annotations.NullMarked;
