package io.agentweave.local.authority;

import io.agentweave.identity.SpiffeId;
import io.agentweave.local.process.ProcessCommand;
import io.agentweave.local.process.ProcessRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Which process is which workload: the registration entries of the local mesh. Only processes of
 * one user are ever attested.
 *
 * <p>A process is known either because the mesh started it, or because it runs a program that is
 * registered. The second proves only that the user started that program: on the local mesh the user
 * is the operator.
 */
public final class WorkloadRegistry implements Attestor {
  private final int uid;
  private final Map<ProcessRef, SpiffeId> processes = new ConcurrentHashMap<>();
  private final List<Program> programs = new CopyOnWriteArrayList<>();

  /** Attests processes of the user with this id only. */
  public WorkloadRegistry(int uid) {
    this.uid = uid;
  }

  /** This very process is {@code spiffeId}. */
  public void register(ProcessRef process, SpiffeId spiffeId) {
    processes.put(process, spiffeId);
  }

  /**
   * Every Java process with this main class and this file or folder on its class path is {@code
   * spiffeId}.
   */
  public void register(String mainClass, Path classPathEntry, SpiffeId spiffeId) {
    programs.add(new Program(mainClass, classPathEntry.toAbsolutePath().normalize(), spiffeId));
  }

  public void remove(ProcessRef process) {
    processes.remove(process);
  }

  /** Removes all entries of {@code spiffeId}. */
  public void remove(SpiffeId spiffeId) {
    processes.values().removeIf(spiffeId::equals);
    programs.removeIf(program -> program.spiffeId.equals(spiffeId));
  }

  @Override
  public Optional<SpiffeId> attest(PeerProcess peer) {
    if (peer.uid() != uid) {
      return Optional.empty();
    }
    SpiffeId known = processes.get(peer.process());
    if (known != null) {
      return peer.process().alive() ? Optional.of(known) : Optional.empty();
    }
    return ProcessCommand.of(peer.process())
        .flatMap(ProcessCommand::java)
        .flatMap(
            java ->
                programs.stream()
                    .filter(program -> program.matches(java))
                    .map(Program::spiffeId)
                    .findFirst());
  }

  private record Program(String mainClass, Path classPathEntry, SpiffeId spiffeId) {

    boolean matches(ProcessCommand.JavaProgram java) {
      return java.mainClass().equals(mainClass)
          && java.classPath().stream()
              .anyMatch(entry -> entry.isAbsolute() && entry.normalize().equals(classPathEntry));
    }
  }
}
