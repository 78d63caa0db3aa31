package io.agentweave.local.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends processes: asks first, then insists. */
public final class ProcessEnd {
  private ProcessEnd() {}

  /** How a process is asked to end. */
  public enum Signal {
    TERM,
    /** PostgreSQL's "fast" shutdown: roll back what is open, then end in order. */
    INT
  }

  /**
   * Ends {@code process} and waits until it is gone. Never touches another process that was given
   * the same id.
   *
   * @param patience how long it may take to end by itself; then it is killed
   * @return whether it ended by itself
   */
  public static boolean end(ProcessRef process, Signal signal, Duration patience) {
    ProcessHandle handle = process.handle().orElse(null);
    if (handle == null) {
      return true;
    }
    ask(handle, signal);
    if (waitFor(process, handle, patience)) {
      return true;
    }
    if (process.alive()) {
      handle.destroyForcibly();
      waitFor(process, handle, Duration.ofSeconds(10));
    }
    return false;
  }

  /** Asks {@code process} to end and does not wait. */
  public static void ask(ProcessRef process, Signal signal) {
    process.handle().ifPresent(handle -> ask(handle, signal));
  }

  private static void ask(ProcessHandle handle, Signal signal) {
    switch (signal) {
      case TERM -> handle.destroy();
      case INT -> {
        try {
          new ProcessBuilder("kill", "-INT", Long.toString(handle.pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
        } catch (IOException cannotRun) {
          handle.destroy();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private static boolean waitFor(ProcessRef process, ProcessHandle handle, Duration patience) {
    try {
      var ignored = handle.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException slow) {
      return !process.alive();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return !process.alive();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
