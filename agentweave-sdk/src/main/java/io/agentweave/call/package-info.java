/** A call, the stages it passes, and the ways it can end. Knows no vendor and no other package. */
@NullMarked
package io.agentweave.call;

import org.jspecify.annotations.NullMarked;
