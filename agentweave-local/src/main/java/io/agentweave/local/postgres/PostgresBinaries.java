package io.agentweave.local.postgres;

import io.agentweave.local.process.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs for this machine, unpacked once into a cache folder. */
final class PostgresBinaries {
  /** Whatever the umask: nobody else may put a program where these are. */
  private static final FileAttribute<?> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

  private PostgresBinaries() {}

  /**
   * The folder with {@code bin/postgres}. Unpacks it when it is not there yet; a folder that is
   * there is complete, because it gets its name last.
   *
   * @throws IOException when the class path has no binaries for this machine, or the disk is full
   */
  static Path unpackedIn(Path cache) throws IOException {
    URL archive = archive();
    Path home = cache.resolve("postgresql-" + key(archive));
    if (Files.isExecutable(home.resolve("bin/postgres"))) {
      return home;
    }
    Files.createDirectories(cache, FOLDER);
    Path unfinished = Files.createTempDirectory(cache, "unpacking-");
    try {
      unpack(archive, unfinished);
      Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failed) {
      PrivateFiles.deleteAll(unfinished);
      // Another process may have been faster.
      if (!Files.isExecutable(home.resolve("bin/postgres"))) {
        throw failed;
      }
    }
    return home;
  }

  private static URL archive() throws IOException {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "darwin" : "linux";
    String arch =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          case String other -> other;
        };
    String name = "postgres-" + system + "-" + arch + ".txz";
    URL found = PostgresBinaries.class.getResource("/" + name);
    if (found == null) {
      throw new IOException(
          "the class path has no PostgreSQL for this machine: " + name + " is missing");
    }
    return found;
  }

  private static String key(URL archive) throws IOException {
    if (archive.openConnection() instanceof JarURLConnection jar) {
      return Long.toHexString(jar.getJarEntry().getCrc());
    }
    return Integer.toHexString(archive.openConnection().getContentLength());
  }

  private static void unpack(URL archive, Path target) throws IOException {
    try (InputStream raw = archive.openStream();
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(raw))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException("the archive reaches out of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file, FOLDER);
          continue;
        }
        Files.createDirectories(file.getParent(), FOLDER);
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
          Files.createLink(file, target.resolve(entry.getLinkName()));
        } else {
          try (OutputStream out = Files.newOutputStream(file)) {
            tar.transferTo(out);
          }
          Files.setPosixFilePermissions(file, permissions(entry.getMode()));
        }
      }
    }
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    boolean executable = (mode & 0100) != 0;
    return executable
        ? PosixFilePermissions.fromString("rwxr-xr-x")
        : EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OTHERS_READ);
  }
}
