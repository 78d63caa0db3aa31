@NullMarked
package io.agentweave.pipeline.storage;

import org.jspecify.annotations.NullMarked;
