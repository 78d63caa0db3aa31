package io.agentweave.config;

import java.util.Map;

/**
 * {@code discovery}: where the agent with a SPIFFE ID listens. The address is never trusted, the
 * peer's SVID is.
 *
 * @param addresses {@code static}: SPIFFE ID to {@code host:port}
 * @param template for all others; {@code {name}} is the last path segment of the ID
 */
public record DiscoverySection(
    @Key("static") @Default("{}") Map<String, String> addresses,
    @Default("\"{name}:8443\"") String template) {}
