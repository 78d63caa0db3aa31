/** Agents to start from. */
@NullMarked
package io.agentweave.examples;

import org.jspecify.annotations.NullMarked;
