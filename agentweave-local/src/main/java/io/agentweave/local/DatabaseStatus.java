package io.agentweave.local;

import io.agentweave.local.postgres.LocalPostgres;
import io.agentweave.local.process.ProcessRef;
import io.agentweave.local.process.SupervisedProcess;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The database server's part of a status. */
final class DatabaseStatus {
  private DatabaseStatus() {}

  static MeshStatus.Database of(@Nullable LocalPostgres postgres) {
    if (postgres == null) {
      return new MeshStatus.Database(SupervisedProcess.State.STOPPED, Optional.empty(), 0, "", 0);
    }
    SupervisedProcess server = postgres.server();
    return new MeshStatus.Database(
        server.state(),
        server.process().map(ProcessRef::pid),
        server.restarts(),
        server.lastEnd(),
        postgres.port());
  }
}
