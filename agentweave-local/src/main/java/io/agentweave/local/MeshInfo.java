package io.agentweave.local;

import io.agentweave.identity.SpiffeId;
import io.agentweave.local.process.ProcessRef;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Where the parts of a running mesh are: what its {@code mesh.json} says.
 *
 * @param process the process that supervises it
 * @param startedAt when it was started
 * @param home its state folder
 * @param root the checkout that it runs
 * @param workloadApi where processes ask for their SVID
 * @param control where the mesh takes commands
 * @param policies the folder with rules and grants
 * @param jdbcUrl of the database, without user and password
 * @param passwordFile holds the password of {@code databaseUser}
 * @param traceEndpoint takes spans over OTLP/gRPC
 * @param traces the folder with the spans
 */
public record MeshInfo(
    ProcessRef process,
    Instant startedAt,
    Path home,
    Path root,
    URI workloadApi,
    Path control,
    Path policies,
    String jdbcUrl,
    String databaseUser,
    Path passwordFile,
    URI traceEndpoint,
    Path traces,
    List<Agent> agents) {

  /**
   * One agent.
   *
   * @param address {@code host:port} of its calls
   * @param metrics its metrics and health, without a path
   * @param config its configuration file
   * @param data its audit and dead letters
   * @param log what it printed
   */
  public record Agent(
      String name,
      SpiffeId spiffeId,
      String address,
      URI metrics,
      Path config,
      Path data,
      Path log) {}
}
