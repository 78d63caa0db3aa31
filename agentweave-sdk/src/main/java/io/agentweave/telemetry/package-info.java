/** Every span, meter and log key, in one vocabulary. */
@NullMarked
package io.agentweave.telemetry;

import org.jspecify.annotations.NullMarked;
