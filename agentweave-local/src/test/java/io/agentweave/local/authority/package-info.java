@NullMarked
package io.agentweave.local.authority;

import org.jspecify.annotations.NullMarked;
