@NullMarked
package io.agentweave.local.testkit;

import org.jspecify.annotations.NullMarked;
