/** How soon an agent and a mesh are there, and how much memory they hold. */
@NullMarked
package io.agentweave.bench.start;

import org.jspecify.annotations.NullMarked;
