package io.agentweave.local;

import io.agentweave.identity.SpiffeId;
import io.agentweave.local.authority.WorkloadRegistry;
import java.nio.file.Path;

/** The command line, which is a workload of the mesh like everybody. */
final class Cli {
  private static final String MAIN_CLASS = "io.agentweave.cli.Main";

  private Cli() {}

  /** Whoever runs the command line of the mesh's own checkout is its operator. */
  static void register(WorkloadRegistry registry, MeshOptions options) {
    Path jar = options.root().resolve("agentweave-cli/target/agentweave-cli.jar");
    registry.register(
        MAIN_CLASS, jar, SpiffeId.parse("spiffe://" + options.trustDomain() + "/operator/cli"));
  }
}
