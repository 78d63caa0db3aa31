/**
 * How many events the pipeline carries to durable rows, how long each takes, and where the time
 * goes.
 */
@NullMarked
package io.agentweave.bench.pipeline;

import org.jspecify.annotations.NullMarked;
