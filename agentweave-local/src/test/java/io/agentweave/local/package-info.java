@NullMarked
package io.agentweave.local;

import org.jspecify.annotations.NullMarked;
