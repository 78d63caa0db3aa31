package io.agentweave.journal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory in which the system keeps pages of files. A log that is written and hardly ever read
 * would fill all of it that nobody else needs, and a page that was never used before costs several
 * times what one costs that was in use a moment ago.
 *
 * <p>Does something on Linux where native access is enabled for this library, and else nothing.
 */
final class PageCache {
  private static final Logger LOGGER = LoggerFactory.getLogger(PageCache.class);

  /** The processors for which the numbers below are those of the system's headers. */
  private static final Set<String> KNOWN = Set.of("amd64", "aarch64");

  /** O_RDONLY | O_NONBLOCK | O_CLOEXEC: whatever stands there, opening it waits for nobody. */
  private static final int FLAGS = 0x80800;

  private static final int POSIX_FADV_DONTNEED = 4;

  private PageCache() {}

  /** Whether {@link #release} does something. */
  static boolean isWithinReach() {
    return Calls.FOUND.isPresent();
  }

  /** Lets the system forget a range of a file; what is not on the disk yet, it keeps. */
  static void release(Path file, long from, long to) {
    Calls.FOUND.ifPresent(calls -> calls.release(file, from, to));
  }

  /** Found when first needed, which takes some tens of milliseconds. */
  private record Calls(MethodHandle open, MethodHandle advise, MethodHandle close) {
    static final Optional<Calls> FOUND = find();

    private static Optional<Calls> find() {
      if (!System.getProperty("os.name", "").equals("Linux")
          || !KNOWN.contains(System.getProperty("os.arch", ""))
          || !PageCache.class.getModule().isNativeAccessEnabled()) {
        return Optional.empty();
      }
      try {
        // int open(const char *path, int flags, ...)
        return Optional.of(
            new Calls(
                function(
                    "open",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.firstVariadicArg(2)),
                function(
                    "posix_fadvise",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT)),
                function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT))));
      } catch (NoSuchElementException | UnsupportedOperationException e) {
        LOGGER.debug("logs stay in the system's memory", e);
        return Optional.empty();
      }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(
        String name, FunctionDescriptor types, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types, options);
    }

    void release(Path file, long from, long to) {
      try (Arena arena = Arena.ofConfined()) {
        int descriptor = (int) open.invokeExact(arena.allocateFrom(file.toString()), FLAGS);
        if (descriptor >= 0) {
          int error = (int) advise.invokeExact(descriptor, from, to - from, POSIX_FADV_DONTNEED);
          int notClosed = (int) close.invokeExact(descriptor);
          LOGGER.trace("released {} to {} of {}: {} {}", from, to, file, error, notClosed);
        }
      } catch (Throwable e) {
        LOGGER.debug("{} stays in the system's memory", file, e);
      }
    }
  }
}
