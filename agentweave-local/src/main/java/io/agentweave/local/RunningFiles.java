package io.agentweave.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that are there only while a mesh runs. */
final class RunningFiles {
  private RunningFiles() {}

  /** Removes them, and the sockets that they name, wherever those are. */
  static void delete(MeshFolder folder) throws IOException {
    try {
      MeshInfo info = MeshJson.read(Files.readString(folder.info()), MeshInfo.class);
      Path sockets = info.control().getParent();
      Files.deleteIfExists(info.control());
      Files.deleteIfExists(Path.of(info.workloadApi().getPath()));
      if (sockets != null && !sockets.equals(folder.home())) {
        Files.deleteIfExists(sockets);
      }
    } catch (IOException noneOrDamaged) {
      // Then there is nothing more to know.
    }
    Files.deleteIfExists(folder.info());
    Files.deleteIfExists(folder.ledger());
    Files.deleteIfExists(folder.holder());
  }
}
