package io.agentweave.agent;

import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditSettings;
import io.agentweave.audit.AuditSigner;
import io.agentweave.audit.FileAuditLog;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.Enforcement;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.AuthorizationSection;
import io.agentweave.config.IdentitySection;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.deadletter.FileDeadLetterQueue;
import io.agentweave.deadletter.PostgresDeadLetterQueue;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.PemFiles;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.identity.WorkloadApiSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Makes an agent's parts as its configuration says. */
final class Sources {
  private Sources() {}

  static IdentitySource identity(AgentConfig config) {
    IdentitySection section = config.identity();
    SpiffeId expected = config.agent().spiffeId();
    Set<TrustDomain> allowed =
        section.allowedTrustDomains().stream()
            .map(TrustDomain::new)
            .collect(Collectors.toUnmodifiableSet());
    return switch (section.provider()) {
      case SPIFFE ->
          IdentitySources.fromWorkloadApi(
              new WorkloadApiSettings(
                  URI.create(section.spiffeEndpoint()),
                  Optional.of(expected),
                  allowed,
                  section.startupTimeout()));
      case STATIC -> {
        IdentitySection.StaticFiles files =
            section
                .staticFiles()
                .orElseThrow(
                    () -> new IllegalArgumentException("identity.static: names the PEM files"));
        yield IdentitySources.fromPemFiles(
            new PemFiles(files.certificate(), files.key(), files.bundle()),
            Optional.of(expected),
            allowed);
      }
    };
  }

  static PolicyEngine policy(AgentConfig config) {
    AuthorizationSection section = config.authorization();
    return switch (section.provider()) {
      case OPA ->
          Authorization.opaEngine(
              section.opaEndpoint(),
              section.policyPath(),
              section.timeout(),
              section.opaCaFile().orElse(null));
      case OPA_EMBEDDED ->
          Authorization.embeddedEngine(
              section
                  .bundle()
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "authorization.bundle: names the folder with policy.wasm")),
              section.policyPath(),
              section.timeout());
    };
  }

  static Enforcement enforcement(AgentConfig config) {
    return switch (config.authorization().defaultAction()) {
      case DENY -> Enforcement.DENY;
      case LOG_ONLY -> Enforcement.LOG_ONLY;
    };
  }

  static AuditLog audit(AgentConfig config, IdentitySource identity) throws IOException {
    Path directory = config.agent().dataDirectoryOrDefault().resolve("audit");
    AuditSettings settings = AuditSettings.of(directory, config.agent().spiffeId());
    return FileAuditLog.open(
        switch (config.authorization().audit().destination()) {
          case FILE -> settings;
          case STDOUT_AND_FILE -> settings.withCopyTo(System.out);
        },
        AuditSigner.with(identity));
  }

  /** PostgreSQL where the agent has one, else files of its own. */
  static DeadLetterQueue deadLetters(AgentConfig config, Optional<DataSource> database) {
    return database
        .<DeadLetterQueue>map(source -> PostgresDeadLetterQueue.open(source, config.agent().name()))
        .orElseGet(
            () ->
                FileDeadLetterQueue.open(
                    config.agent().dataDirectoryOrDefault().resolve("dead-letters")));
  }
}
