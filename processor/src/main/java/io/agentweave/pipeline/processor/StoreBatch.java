package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.contract.StorableEvent;
import java.time.Instant;
import java.util.List;

/** The payload of storage's {@code store_batch}. */
record StoreBatch(List<StorableEvent> events, Instant processedAt, String processorId) {}
