@NullMarked
package io.agentweave.local.process;

import org.jspecify.annotations.NullMarked;
