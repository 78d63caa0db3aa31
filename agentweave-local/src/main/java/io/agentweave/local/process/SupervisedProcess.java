package io.agentweave.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A child process that is started again when it ends by itself, after an exponentially growing,
 * fully jittered wait. Safe for use by many threads.
 *
 * <p>Where the system offers {@code setsid}, the child gets a session of its own: an interrupt at
 * the terminal then reaches only this process, which stops its children in order.
 */
public final class SupervisedProcess implements AutoCloseable {
  private static final Duration FIRST_WAIT = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** A process that ran for this long has recovered from what ended the one before. */
  private static final Duration STABLE = Duration.ofSeconds(30);

  /** What a process left in its pipe is there at once, unless a child of its own holds the pipe. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private static final List<String> SETSID =
      List.of("/usr/bin/setsid", "/bin/setsid").stream()
          .filter(file -> Files.isExecutable(Path.of(file)))
          .limit(1)
          .toList();

  private final ProcessSpec spec;
  private final Watcher watcher;
  private final BackOff backOff =
      new BackOff(FIRST_WAIT, LONGEST_WAIT, RandomGenerator.getDefault());
  private final Object lock = new Object();
  private State state = State.STOPPED;
  private @Nullable Process process;
  private @Nullable ProcessRef ref;
  private @Nullable Thread loop;
  private @Nullable BoundedLog log;
  private @Nullable Thread copying;
  private boolean stopping;
  private int restarts;
  private String lastEnd = "";
  private String lastWords = "";

  public SupervisedProcess(ProcessSpec spec, Watcher watcher) {
    this.spec = spec;
    this.watcher = watcher;
  }

  /** Is told of each process. Called on the thread that starts or waits; must not block. */
  public interface Watcher {
    /** A process was started a moment ago. */
    void started(ProcessRef process);

    /** It is gone. */
    void ended(ProcessRef process);
  }

  /** What a supervised process is doing. */
  public enum State {
    RUNNING,
    /** It ended; it is started again soon. */
    WAITING,
    STOPPED
  }

  /**
   * Starts the process and its supervision.
   *
   * @throws IOException when the program can't be run
   */
  public void start() throws IOException {
    synchronized (lock) {
      if (loop != null || stopping) {
        throw new IllegalStateException(spec.name() + " was started before");
      }
      spawn();
      loop = Thread.ofVirtual().name("supervise-" + spec.name()).start(this::supervise);
    }
  }

  public String name() {
    return spec.name();
  }

  public State state() {
    synchronized (lock) {
      return state;
    }
  }

  /** The process that runs now. */
  public Optional<ProcessRef> process() {
    synchronized (lock) {
      return state == State.RUNNING ? Optional.ofNullable(ref) : Optional.empty();
    }
  }

  /** How often it was started again. */
  public int restarts() {
    synchronized (lock) {
      return restarts;
    }
  }

  /** How the last process ended, in words; empty when none did. */
  public String lastEnd() {
    synchronized (lock) {
      return lastEnd;
    }
  }

  /** The last line that the process which ended last had printed; empty when none did. */
  public String lastWords() {
    synchronized (lock) {
      return lastWords;
    }
  }

  /** Asks the process to end and does not wait; it is not started again. */
  public void beginStop() {
    synchronized (lock) {
      stopping = true;
      lock.notifyAll();
    }
    process().ifPresent(running -> ProcessEnd.ask(running, spec.stop()));
  }

  /** Ends the process and waits until it is gone. */
  @Override
  public void close() {
    beginStop();
    Process last;
    Thread running;
    synchronized (lock) {
      last = process;
      running = loop;
    }
    if (last == null || running == null) {
      return;
    }
    boolean interrupted = false;
    try {
      if (!last.waitFor(spec.patience())) {
        last.destroyForcibly();
      }
      running.join(Duration.ofSeconds(10));
    } catch (InterruptedException hurry) {
      last.destroyForcibly();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void supervise() {
    while (true) {
      Instant begun = Instant.now();
      Process running;
      BoundedLog printed;
      Thread copy;
      synchronized (lock) {
        running = process;
        printed = log;
        copy = copying;
      }
      String end = running == null ? lastEnd : awaitEnd(running);
      String words = running == null || printed == null ? "" : awaitWords(printed, copy);
      synchronized (lock) {
        lastEnd = end;
        lastWords = words;
        ProcessRef gone = ref;
        if (gone != null) {
          watcher.ended(gone);
          ref = null;
        }
        if (stopping) {
          state = State.STOPPED;
          return;
        }
        state = State.WAITING;
      }
      if (Duration.between(begun, Instant.now()).compareTo(STABLE) > 0) {
        backOff.reset();
      }
      respawn(backOff.afterFailure());
    }
  }

  private static String awaitEnd(Process running) {
    while (true) {
      try {
        int code = running.waitFor();
        // The launcher's way to say that a signal ended the process.
        return code > 128 ? "killed by signal " + (code - 128) : "exited with " + code;
      } catch (InterruptedException nobodyMayInterruptThis) {
        // Only the end of the process ends the wait.
      }
    }
  }

  private static String awaitWords(BoundedLog printed, @Nullable Thread copy) {
    try {
      if (copy != null) {
        copy.join(LAST_WORDS);
      }
    } catch (InterruptedException nobodyMayInterruptThis) {
      // What has been copied so far is taken.
    }
    return printed.lastLine();
  }

  private void respawn(Duration wait) {
    synchronized (lock) {
      long end = System.nanoTime() + wait.toNanos();
      for (long left = wait.toMillis(); left > 0 && !stopping; ) {
        try {
          lock.wait(left);
        } catch (InterruptedException nobodyMayInterruptThis) {
          // Only a stop ends the wait.
        }
        left = (end - System.nanoTime()) / 1_000_000;
      }
      process = null;
      if (stopping) {
        return;
      }
      try {
        spawn();
        restarts++;
      } catch (IOException failed) {
        lastEnd = "could not be started: " + failed.getMessage();
      }
    }
  }

  /** Must hold the lock. */
  private void spawn() throws IOException {
    List<String> command = new ArrayList<>(SETSID);
    command.addAll(spec.command());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    removeMeshVariables(builder.environment());
    builder.environment().putAll(spec.environment());
    Process started = builder.start();
    process = started;
    state = State.RUNNING;
    ref = ProcessRef.of(started.pid()).orElse(null);
    if (ref != null) {
      watcher.started(ref);
    }
    try {
      started.getOutputStream().close();
    } catch (IOException alreadyGone) {
      // It is noticed when its end is awaited.
    }
    BoundedLog printed = new BoundedLog(spec.log(), BoundedLog.LIMIT);
    log = printed;
    copying =
        Thread.ofPlatform()
            .daemon()
            .name("log-" + spec.name())
            .start(() -> printed.copy(started.getInputStream()));
  }

  /**
   * What the children are told stands in their files; a variable that was meant for another mesh
   * must not reach them.
   */
  static void removeMeshVariables(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(name -> name.startsWith("AGENTWEAVE_") || name.equals("SPIFFE_ENDPOINT_SOCKET"));
  }
}
