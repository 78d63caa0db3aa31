/** Enriches, filters, transforms and aggregates events. */
@NullMarked
package io.agentweave.pipeline.processor;

import org.jspecify.annotations.NullMarked;
