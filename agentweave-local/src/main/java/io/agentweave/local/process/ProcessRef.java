package io.agentweave.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process, told apart from a later one that was given the same process id.
 *
 * @param pid the process id
 * @param started when it started, in the words of the operating system: equal only for the same
 *     process, and never equal across a reboot
 */
public record ProcessRef(long pid, String started) {
  private static final Path PROC = Path.of("/proc");
  private static final boolean HAS_PROC = Files.isReadable(PROC.resolve("self/stat"));
  private static final String BOOT = HAS_PROC ? readBootId() : "";

  /** Field 22 of {@code /proc/PID/stat}, counted from the field after the command's name. */
  private static final int START_TIME = 22 - 3;

  /** The process that has this id now, if there is one. A zombie is none. */
  public static Optional<ProcessRef> of(long pid) {
    return startOf(pid).map(started -> new ProcessRef(pid, started));
  }

  /** The process that this code runs in. */
  public static ProcessRef self() {
    long pid = ProcessHandle.current().pid();
    return of(pid).orElseThrow(() -> new IllegalStateException("own process not found: " + pid));
  }

  /** Whether this very process still runs. */
  public boolean alive() {
    return startOf(pid).filter(started::equals).isPresent();
  }

  /** A handle on this very process, if it still runs. */
  Optional<ProcessHandle> handle() {
    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
    return alive() ? handle : Optional.empty();
  }

  private static Optional<String> startOf(long pid) {
    if (!HAS_PROC) {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .flatMap(handle -> handle.info().startInstant())
          .map(Object::toString);
    }
    try {
      String stat =
          Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1).strip();
      // The command's name may itself hold blanks and parentheses; it ends at the last one.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean gone = fields[0].equals("Z") || fields[0].equals("X");
      return gone ? Optional.empty() : Optional.of(fields[START_TIME] + "@" + BOOT);
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static String readBootId() {
    try {
      return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
    } catch (IOException unknown) {
      return "";
    }
  }
}
