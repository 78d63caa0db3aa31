package io.agentweave.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Another writer holds the directory. */
public final class DirectoryInUseException extends IOException {
  private static final long serialVersionUID = 1L;

  DirectoryInUseException(Path directory, String processId) {
    super(
        directory
            + " is in use by process "
            + processId
            + ": stop that agent, or give each agent a data directory of its own");
  }
}
