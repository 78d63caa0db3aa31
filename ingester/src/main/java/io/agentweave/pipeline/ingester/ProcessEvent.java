package io.agentweave.pipeline.ingester;

import io.agentweave.pipeline.contract.NormalizedEvent;
import java.time.Instant;

/** The payload of the processor's {@code process_event}. */
record ProcessEvent(NormalizedEvent event, Instant ingestedAt, String ingesterId) {}
