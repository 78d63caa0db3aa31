/** What could not be processed, kept with everything needed to replay it responsibly. */
@NullMarked
package io.agentweave.deadletter;

import org.jspecify.annotations.NullMarked;
