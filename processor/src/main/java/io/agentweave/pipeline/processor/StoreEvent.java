package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.contract.StorableEvent;
import java.time.Instant;

/** The payload of storage's {@code store_event}. */
record StoreEvent(StorableEvent event, Instant processedAt, String processorId) {}
