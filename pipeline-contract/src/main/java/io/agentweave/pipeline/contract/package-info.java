/**
 * The messages between the agents of the pipeline, as JSON in snake case. Each message is owned by
 * the agent that accepts it: its rules are the callee's rules.
 */
@NullMarked
package io.agentweave.pipeline.contract;

import org.jspecify.annotations.NullMarked;
