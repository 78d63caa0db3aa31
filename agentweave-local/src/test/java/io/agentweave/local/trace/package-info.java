@NullMarked
package io.agentweave.local.trace;

import org.jspecify.annotations.NullMarked;
