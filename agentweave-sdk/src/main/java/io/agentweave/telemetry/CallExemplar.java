package io.agentweave.telemetry;

import io.agentweave.call.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * The call behind a number: an exemplar of OpenMetrics 1.0. It leads from a metric to the trace and
 * to the audit log.
 *
 * @param trace the span to show; a trace that isn't sampled is left out, nobody could look at it
 * @param decisionId the policy decision about the call, if it came that far
 */
public record CallExemplar(@Nullable TraceContext trace, @Nullable String decisionId) {}
