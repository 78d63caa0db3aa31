@NullMarked
package io.agentweave.pipeline.ingester;

import org.jspecify.annotations.NullMarked;
