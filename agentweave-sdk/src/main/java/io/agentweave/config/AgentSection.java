package io.agentweave.config;

import io.agentweave.identity.SpiffeId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code agent}: what the agent is.
 *
 * @param name {@code agent.name}
 * @param trustDomain {@code agent.trust_domain}
 * @param description {@code agent.description}
 * @param environment {@code agent.environment}, production unless said otherwise
 * @param capabilities {@code agent.capabilities}; must agree with the annotated methods, both ways;
 *     none for a participant that only calls
 * @param dataDirectory {@code agent.data_directory}: where audit and dead letters are kept; {@code
 *     /var/lib/agentweave/NAME} unless said otherwise
 */
public record AgentSection(
    @Pattern(regexp = "[a-z][a-z0-9-]*", message = "must match ^[a-z][a-z0-9-]*$") String name,
    @Pattern(
            regexp = "[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*",
            message = "must be a lower-case DNS name")
        String trustDomain,
    @Default("\"\"") String description,
    @Default("production") Environment environment,
    @Default("[]") List<@Valid CapabilitySection> capabilities,
    Optional<Path> dataDirectory) {

  /** The name that the agent's SVID has to carry: {@code spiffe://TRUST_DOMAIN/agent/NAME}. */
  public SpiffeId spiffeId() {
    return SpiffeId.parse("spiffe://" + trustDomain + "/agent/" + name);
  }

  /** Where the agent keeps its files. */
  public Path dataDirectoryOrDefault() {
    return dataDirectory.orElseGet(() -> Path.of("/var/lib/agentweave", name));
  }

  /** Where the agent runs; production forbids every convenience. */
  public enum Environment {
    DEVELOPMENT,
    STAGING,
    PRODUCTION;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
