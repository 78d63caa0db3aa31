/** The messages between the agents of the pipeline. */
@NullMarked
package io.agentweave.pipeline.contract;

import org.jspecify.annotations.NullMarked;
