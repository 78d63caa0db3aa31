package io.agentweave.pipeline.ingester;

import io.agentweave.pipeline.contract.NormalizedEvent;
import java.time.Instant;
import java.util.List;

/** The payload of the processor's {@code process_batch}. */
record ProcessBatch(List<NormalizedEvent> events, Instant ingestedAt, String ingesterId) {}
