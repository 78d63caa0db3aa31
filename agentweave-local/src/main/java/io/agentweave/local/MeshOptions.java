package io.agentweave.local;

import io.agentweave.identity.TrustDomain;
import io.agentweave.local.authority.LocalAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which mesh to start.
 *
 * @param home the state folder; one mesh at a time runs in it
 * @param root the checkout that the agents were built in and whose {@code policies/} decide
 * @param trustDomain of all agents
 * @param agents in the order in which they start; they stop in the opposite one
 * @param portOffset added to every agent's ports
 * @param freePorts takes whatever ports are free instead
 * @param svidLifetime how long an SVID lives
 * @param startTimeout how long all of it may take to become ready
 * @param throwAway removes the state folder at the end
 */
public record MeshOptions(
    Path home,
    Path root,
    TrustDomain trustDomain,
    List<AgentSpec> agents,
    int portOffset,
    boolean freePorts,
    Duration svidLifetime,
    Duration startTimeout,
    boolean throwAway) {

  public MeshOptions {
    agents = List.copyOf(agents);
  }

  /** The pipeline of a checkout, in the user's own state folder, on the usual ports. */
  public static MeshOptions pipeline(Path root) {
    Path checkout = root.toAbsolutePath().normalize();
    return new MeshOptions(
        MeshFolder.usual(),
        checkout,
        new TrustDomain("agentweave.io"),
        AgentSpec.pipeline(checkout),
        0,
        false,
        LocalAuthority.DEFAULT_SVID_LIFETIME,
        Duration.ofSeconds(90),
        false);
  }

  /**
   * The checkout to run: {@code AGENTWEAVE_ROOT}, which the launcher sets; empty when it is not
   * set.
   */
  public static Optional<Path> rootFromEnvironment() {
    return Optional.ofNullable(System.getenv("AGENTWEAVE_ROOT"))
        .filter(root -> !root.isBlank())
        .map(Path::of);
  }

  public MeshOptions withHome(Path newHome) {
    return new MeshOptions(
        newHome.toAbsolutePath().normalize(),
        root,
        trustDomain,
        agents,
        portOffset,
        freePorts,
        svidLifetime,
        startTimeout,
        throwAway);
  }

  public MeshOptions withAgents(List<AgentSpec> newAgents) {
    return new MeshOptions(
        home,
        root,
        trustDomain,
        newAgents,
        portOffset,
        freePorts,
        svidLifetime,
        startTimeout,
        throwAway);
  }

  public MeshOptions withPortOffset(int offset) {
    return new MeshOptions(
        home, root, trustDomain, agents, offset, false, svidLifetime, startTimeout, throwAway);
  }

  public MeshOptions withFreePorts() {
    return new MeshOptions(
        home, root, trustDomain, agents, 0, true, svidLifetime, startTimeout, throwAway);
  }

  public MeshOptions withSvidLifetime(Duration lifetime) {
    return new MeshOptions(
        home, root, trustDomain, agents, portOffset, freePorts, lifetime, startTimeout, throwAway);
  }

  /** A mesh beside all others, on free ports, that leaves nothing behind. */
  public MeshOptions asThrowAway() {
    return new MeshOptions(
        MeshFolder.throwAway(home),
        root,
        trustDomain,
        agents,
        0,
        true,
        svidLifetime,
        startTimeout,
        true);
  }
}
