/** What the author of an agent sees. */
@NullMarked
package io.agentweave.agent;

import org.jspecify.annotations.NullMarked;
