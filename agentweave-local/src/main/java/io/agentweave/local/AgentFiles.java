package io.agentweave.local;

import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.AgentSection.Environment;
import io.agentweave.config.ConfigReading;
import io.agentweave.local.process.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the agents' configuration files from their templates. In a template {@code ${word}} stands
 * for:
 *
 * <ul>
 *   <li>{@code trust_domain}, {@code port}, {@code metrics_port}, {@code data_directory}
 *   <li>{@code spiffe_endpoint}, {@code policies}, {@code trace_endpoint}
 *   <li>{@code database_url}, {@code database_user}, {@code database_password_file}
 *   <li>{@code NAME_address}: {@code host:port} of the agent NAME
 *   <li>{@code warehouse}, a folder of the mesh; {@code user_directory}, a file of the checkout
 * </ul>
 *
 * A value is written as a quoted YAML scalar, or plainly where it is a number.
 */
final class AgentFiles {
  private static final Pattern WORD = Pattern.compile("\\$\\{([a-z_]+)}");

  private AgentFiles() {}

  /**
   * Writes the file of one agent.
   *
   * @throws MeshException when the agent would run as production, or the file would not be valid
   */
  static void write(AgentSpec agent, MeshInfo mesh, String trustDomain) throws IOException {
    MeshInfo.Agent own = find(mesh, agent.name());
    Map<String, Object> words = new HashMap<>();
    words.put("trust_domain", trustDomain);
    words.put("port", agent.port());
    words.put("metrics_port", agent.metricsPort());
    words.put("data_directory", own.data());
    words.put("spiffe_endpoint", mesh.workloadApi());
    words.put("policies", mesh.policies());
    words.put("trace_endpoint", mesh.traceEndpoint());
    words.put("database_url", mesh.jdbcUrl());
    words.put("database_user", mesh.databaseUser());
    words.put("database_password_file", mesh.passwordFile());
    words.put("warehouse", mesh.home().resolve("warehouse"));
    words.put("user_directory", mesh.root().resolve("samples/users.csv"));
    mesh.agents().forEach(other -> words.put(other.name() + "_address", other.address()));
    PrivateFiles.write(own.config(), fill(agent, words));
    check(agent.name(), own.config());
  }

  private static MeshInfo.Agent find(MeshInfo mesh, String name) {
    return mesh.agents().stream()
        .filter(agent -> agent.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String fill(AgentSpec agent, Map<String, Object> words) {
    return WORD.matcher(agent.template())
        .replaceAll(
            match -> {
              Object value = words.get(match.group(1));
              if (value == null) {
                throw new MeshException(
                    MeshException.Reason.CONFIGURATION,
                    "the template of "
                        + agent.name()
                        + " asks for ${"
                        + match.group(1)
                        + "}, which no mesh has");
              }
              // A JSON string is a quoted YAML scalar too (YAML 1.2 section 1.3).
              return Matcher.quoteReplacement(
                  value instanceof Integer number
                      ? number.toString()
                      : MeshJson.write(value.toString()));
            });
  }

  private static void check(String name, Path file) {
    switch (AgentConfigFile.readAgentSections(file, Map.of())) {
      case ConfigReading.Invalid<?> invalid ->
          throw new MeshException(
              MeshException.Reason.CONFIGURATION,
              "the configuration of " + name + " is not valid: " + invalid.report());
      case ConfigReading.Loaded<?> loaded -> {
        if (loaded.agent().agent().environment() == Environment.PRODUCTION) {
          throw production("the template of " + name + " says so");
        }
      }
    }
  }

  /** Refuses to run where the user's environment makes agents production ones. */
  static void refuseProduction(Map<String, String> environment) {
    if ("production".equals(environment.get("AGENTWEAVE_AGENT_ENVIRONMENT"))) {
      throw production("AGENTWEAVE_AGENT_ENVIRONMENT says so");
    }
  }

  private static MeshException production(String because) {
    return new MeshException(
        MeshException.Reason.PRODUCTION,
        "the local mesh does not run where agent.environment is production ("
            + because
            + "): its authority, its attestation and its database are made for one machine");
  }
}
