/** The hash-chained record of every decision and outcome. */
@NullMarked
package io.agentweave.audit;

import org.jspecify.annotations.NullMarked;
