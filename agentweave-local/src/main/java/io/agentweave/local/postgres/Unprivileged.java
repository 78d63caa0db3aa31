package io.agentweave.local.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** PostgreSQL refuses to run as root; in a user namespace of its own it is nobody. */
final class Unprivileged {
  private Unprivileged() {}

  /** What to put before a command. Nothing, unless this process runs as root. */
  static List<String> prefix() {
    return isRoot() ? List.of("unshare", "--user") : List.of();
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException noProc) {
      return System.getProperty("user.name").equals("root");
    }
  }
}
