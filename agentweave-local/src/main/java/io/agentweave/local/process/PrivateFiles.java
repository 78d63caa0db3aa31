package io.agentweave.local.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Files and folders that only their owner may read. */
public final class PrivateFiles {
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private PrivateFiles() {}

  /** Makes the folder and its parents, and takes everybody else's rights from it. */
  public static Path folder(Path folder) throws IOException {
    Files.createDirectories(folder, FOLDER);
    Files.setPosixFilePermissions(folder, FOLDER.value());
    return folder;
  }

  /** The user that a file or folder belongs to, and whether this process runs as that one. */
  public record Owner(String name, boolean root, boolean self) {}

  /** Whose {@code path} is, links followed. */
  public static Owner owner(Path path) throws IOException {
    int uid = (int) Files.getAttribute(path, "unix:uid");
    String name = Files.getOwner(path).getName();
    Path process = Path.of("/proc/self");
    boolean self =
        Files.exists(process)
            ? Files.getAttribute(process, "unix:uid").equals(uid)
            : name.equals(System.getProperty("user.name"));
    return new Owner(name, uid == 0, self);
  }

  /** Writes all of {@code text} or nothing, durably, in the place of what was there. */
  public static void write(Path file, String text) throws IOException {
    Path unfinished = Files.createTempFile(file.getParent(), "." + file.getFileName(), "", FILE);
    try {
      try (FileChannel out = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Deletes the folder and everything in it, as far as that is possible. */
  public static void deleteAll(Path folder) {
    List<Path> all;
    try (Stream<Path> found = Files.walk(folder)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException gone) {
      return;
    }
    for (Path each : all) {
      try {
        Files.deleteIfExists(each);
      } catch (IOException stays) {
        // What can't be deleted stays; nobody depends on it.
      }
    }
  }
}
