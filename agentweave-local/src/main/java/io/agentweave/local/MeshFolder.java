package io.agentweave.local;

import io.agentweave.local.process.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state folder of a mesh and what lies where in it. For its owner only.
 *
 * @param home the folder itself
 */
record MeshFolder(Path home) {
  /** What fits into {@code sockaddr_un} everywhere, with the ending zero. */
  private static final int LONGEST_SOCKET_PATH = 103;

  /** {@code $AGENTWEAVE_HOME/mesh}, or {@code ~/.local/state/agentweave/mesh}. */
  static Path usual() {
    return Optional.ofNullable(System.getenv("AGENTWEAVE_HOME"))
        .filter(home -> !home.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local/state/agentweave"))
        .resolve("mesh")
        .toAbsolutePath()
        .normalize();
  }

  /** A new folder beside {@code home}, where the next mesh finds it if this one crashes. */
  static Path throwAway(Path home) {
    return throwAways(home).resolve(UUID.randomUUID().toString().substring(0, 8));
  }

  /** All throw-away folders beside {@code home}. */
  static List<MeshFolder> leftThrowAways(Path home) {
    try (Stream<Path> folders = Files.list(throwAways(home))) {
      return folders.map(MeshFolder::new).toList();
    } catch (IOException none) {
      return List.of();
    }
  }

  private static Path throwAways(Path home) {
    Path parent = home.toAbsolutePath().getParent();
    Path name = parent == null ? null : parent.getFileName();
    return parent != null && name != null && name.toString().equals("throw-away")
        ? parent
        : home.resolveSibling("throw-away");
  }

  /**
   * Whoever owns the folder, or the one that it is in, could put files of his own in place of what
   * is read here.
   *
   * @throws MeshException when that is another user
   */
  void refuseStrangers() {
    refuseStrangers(home);
    refuseStrangers(home.getParent());
    // A throw-away mesh is one folder deeper.
    refuseStrangers(throwAways(home).getParent());
  }

  private void refuseStrangers(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try {
      PrivateFiles.Owner owner = PrivateFiles.owner(folder);
      boolean safe = owner.self() || (owner.root() && !folder.equals(home));
      if (!safe) {
        throw new MeshException(
            MeshException.Reason.START_FAILED,
            "the state folder would be in the hands of user "
                + owner.name()
                + ", who owns "
                + folder
                + "; set AGENTWEAVE_HOME to a folder of your own");
      }
    } catch (IOException absent) {
      // Then nobody can have put anything there.
    }
  }

  void create() throws IOException {
    refuseStrangers();
    PrivateFiles.folder(home);
    for (Path folder : List.of(logs(), configs(), traces(), home.resolve("agents"))) {
      PrivateFiles.folder(folder);
    }
  }

  Path lock() {
    return home.resolve("mesh.lock");
  }

  /** The process that holds the lock. */
  Path holder() {
    return home.resolve("mesh.pid");
  }

  Path info() {
    return home.resolve("mesh.json");
  }

  Path ledger() {
    return home.resolve("processes.json");
  }

  Path logs() {
    return home.resolve("logs");
  }

  Path configs() {
    return home.resolve("config");
  }

  Path traces() {
    return home.resolve("traces");
  }

  Path database() {
    return home.resolve("postgres");
  }

  Path data(String agent) {
    return home.resolve("agents").resolve(agent);
  }

  /**
   * The folder for sockets: this one, or a short one elsewhere when the paths would be too long for
   * a socket, or are not ASCII, which gRPC does not take.
   */
  Path sockets() throws IOException {
    if (fits(home)) {
      return home;
    }
    for (String place : new String[] {System.getenv("XDG_RUNTIME_DIR"), "/tmp"}) {
      if (place != null && Files.isWritable(Path.of(place))) {
        Path folder = Files.createTempDirectory(Path.of(place), "agentweave-");
        if (fits(folder)) {
          return folder;
        }
        Files.delete(folder);
      }
    }
    throw new MeshException(
        MeshException.Reason.START_FAILED,
        "the state folder's path is too long for a socket, or not ASCII, and /tmp can't be written;"
            + " set AGENTWEAVE_HOME to a shorter one: "
            + home);
  }

  private static boolean fits(Path folder) {
    String longest = folder.resolve("workload.sock").toString();
    return longest.length() <= LONGEST_SOCKET_PATH
        && longest.chars().allMatch(c -> c >= ' ' && c <= '~');
  }
}
