package io.agentweave.pipeline.processor;

import io.agentweave.pipeline.contract.NormalizedEvent;

/**
 * An event with what we know besides.
 *
 * @param dayOfWeek English name, of the timestamp in UTC
 * @param hour of the timestamp in UTC
 */
record EnrichedEvent(NormalizedEvent event, User user, String dayOfWeek, int hour) {}
