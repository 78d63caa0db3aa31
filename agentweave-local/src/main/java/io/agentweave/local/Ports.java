package io.agentweave.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Chooses the agents' ports, all of them before anything starts. */
final class Ports {
  private static final int LAST = 65535;

  private Ports() {}

  /**
   * The agents with the ports that they will have.
   *
   * @throws MeshException naming a port that is taken
   */
  static List<AgentSpec> choose(MeshOptions options) throws IOException {
    if (options.freePorts()) {
      List<Integer> free = free(2 * options.agents().size());
      List<AgentSpec> agents = new ArrayList<>();
      for (AgentSpec agent : options.agents()) {
        int at = 2 * agents.size();
        agents.add(agent.withPorts(free.get(at), free.get(at + 1)));
      }
      return agents;
    }
    int offset = options.portOffset();
    List<AgentSpec> agents =
        options.agents().stream()
            .map(agent -> agent.withPorts(agent.port() + offset, agent.metricsPort() + offset))
            .toList();
    for (AgentSpec agent : agents) {
      check(agent.port(), "calls of the " + agent.name());
      check(agent.metricsPort(), "metrics of the " + agent.name());
    }
    return agents;
  }

  /** Distinct ports that nobody used a moment ago. */
  static List<Integer> free(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static void check(int port, String purpose) {
    if (port < 1 || port > LAST) {
      throw new MeshException(
          MeshException.Reason.PORT_TAKEN,
          "the port offset makes " + port + " of the port for " + purpose + ", which is no port");
    }
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      probe.setReuseAddress(true);
    } catch (IOException taken) {
      throw new MeshException(
          MeshException.Reason.PORT_TAKEN,
          "port "
              + port
              + " ("
              + purpose
              + ") is taken by another program; end that, or move all ports with --port-offset N",
          taken);
    }
  }
}
