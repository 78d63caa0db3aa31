/** The SDK's parts against what stands behind them in production. */
@NullMarked
package io.agentweave.e2e;

import org.jspecify.annotations.NullMarked;
