/**
 * The trace store of a local mesh: takes spans over OTLP, keeps them in files, finds them again.
 */
@NullMarked
package io.agentweave.local.trace;

import org.jspecify.annotations.NullMarked;
