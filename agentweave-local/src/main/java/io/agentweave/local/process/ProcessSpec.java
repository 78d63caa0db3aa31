package io.agentweave.local.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program to run and to keep running.
 *
 * @param name for its log file and its threads
 * @param command program and arguments
 * @param environment added to this process's own environment, of which the variables of the mesh
 *     ({@code AGENTWEAVE_…}, {@code SPIFFE_ENDPOINT_SOCKET}) are taken away
 * @param log where its output goes; bounded
 * @param stop how it is asked to end
 * @param patience how long it may take to end before it is killed
 */
public record ProcessSpec(
    String name,
    List<String> command,
    Map<String, String> environment,
    Path log,
    ProcessEnd.Signal stop,
    Duration patience) {

  public ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
