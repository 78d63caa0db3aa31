package io.agentweave.server;

import io.agentweave.config.ServerSection;

/**
 * What a server serves, and as whom.
 *
 * @param name {@code agent.name}
 * @param description {@code agent.description}
 * @param version the agent's own version, for its card
 * @param environment {@code agent.environment}, for policy
 * @param settings {@code server}
 * @param capabilities all that may be called
 */
public record ServerProfile(
    String name,
    String description,
    String version,
    String environment,
    ServerSection settings,
    CapabilityCatalogue capabilities) {}
