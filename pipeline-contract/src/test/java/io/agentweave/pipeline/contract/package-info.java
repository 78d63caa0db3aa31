@NullMarked
package io.agentweave.pipeline.contract;

import org.jspecify.annotations.NullMarked;
