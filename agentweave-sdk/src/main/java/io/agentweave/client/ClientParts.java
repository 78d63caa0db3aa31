package io.agentweave.client;

import io.agentweave.audit.AuditLog;
import io.agentweave.authz.Authorizer;
import io.agentweave.config.DiscoverySection;
import io.agentweave.config.TransportSection;
import io.agentweave.identity.IdentitySource;
import io.agentweave.telemetry.Telemetry;

/**
 * What a client stands on. None of it is optional, and none of it is closed by the client.
 *
 * @param environment the agent's {@code agent.environment}, for policy
 */
public record ClientParts(
    IdentitySource identity,
    Authorizer authorizer,
    AuditLog audit,
    Telemetry telemetry,
    DiscoverySection discovery,
    TransportSection transport,
    String environment) {}
