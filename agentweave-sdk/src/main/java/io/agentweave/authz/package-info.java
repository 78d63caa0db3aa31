/** Who may do what: the policy engine, its decisions, and the peer requirements before it. */
@NullMarked
package io.agentweave.authz;

import org.jspecify.annotations.NullMarked;
