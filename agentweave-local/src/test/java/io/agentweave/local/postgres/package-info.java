@NullMarked
package io.agentweave.local.postgres;

import org.jspecify.annotations.NullMarked;
