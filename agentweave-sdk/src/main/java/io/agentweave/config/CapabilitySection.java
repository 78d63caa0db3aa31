package io.agentweave.config;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.util.List;
import java.util.Optional;

/**
 * One entry of {@code agent.capabilities}.
 *
 * @param name as in the annotation on the method
 * @param description for the agent card
 * @param inputModes media types, {@code application/json} unless said otherwise
 * @param outputModes media types, {@code application/json} unless said otherwise
 * @param maxConcurrentRequests how many run at once; less than {@code
 *     server.max_concurrent_requests}; one less unless said otherwise
 */
public record CapabilitySection(
    @Pattern(regexp = "[a-z][a-z0-9_]*", message = "must match ^[a-z][a-z0-9_]*$") String name,
    @Default("\"\"") String description,
    @Default("[application/json]") List<String> inputModes,
    @Default("[application/json]") List<String> outputModes,
    Optional<@Positive Integer> maxConcurrentRequests) {}
