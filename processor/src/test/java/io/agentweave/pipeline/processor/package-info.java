@NullMarked
package io.agentweave.pipeline.processor;

import org.jspecify.annotations.NullMarked;
