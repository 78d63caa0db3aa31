package io.agentweave.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What an earlier run taught the JVM (JEP 483, 514 and 515): the classes it loaded, and what was
 * called so often that it was worth compiling, and how. It lies in a file beside the program's jar.
 * With it a start costs a fraction, and a young agent under load has less to compile.
 *
 * <p>The launcher records one after each build, by a run in a process with the property {@value
 * #RECORD}. A JVM that finds the cache made of other jars goes without.
 */
final class AotCache {
  static final String RECORD = "agentweave.aot.record";

  private AotCache() {}

  static boolean recording() {
    return Boolean.getBoolean(RECORD);
  }

  /** The JVM options to record the cache, or to use it where there is one. */
  static List<String> options(Path jar) {
    Path cache = jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", ".aot"));
    if (recording()) {
      return List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot=off", "-Xlog:cds=off");
    }
    return isNewer(cache, jar)
        ? List.of(
            "-XX:AOTCache=" + cache,
            "-Xlog:aot=off",
            "-Xlog:cds=off",
            // Mapped where it was made for, most of its pages are never touched.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0")
        : List.of();
  }

  private static boolean isNewer(Path cache, Path jar) {
    try {
      return Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) >= 0;
    } catch (IOException missing) {
      return false;
    }
  }
}
