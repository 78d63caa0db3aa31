package io.agentweave.local;

import io.agentweave.local.process.PrivateFiles;
import io.agentweave.local.process.ProcessRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mesh on this machine, supervised by this process: identity authority with its Workload API,
 * PostgreSQL, trace store, and the agents in processes of their own. Closing it, or the end of this
 * process by a signal, stops all of it in order and leaves nothing running.
 */
public final class LocalMesh implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalMesh.class);
  private static final Duration ORPHANS = Duration.ofSeconds(10);

  private final MeshOptions options;
  private final MeshLock lock;
  private final MeshParts parts;
  private final Thread starter = Thread.currentThread();
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean closing = new AtomicBoolean();
  private final Thread hook = new Thread(this::close, "mesh-stop");

  private LocalMesh(MeshOptions options, MeshLock lock, MeshParts parts) {
    this.options = options;
    this.lock = lock;
    this.parts = parts;
  }

  /**
   * Starts a mesh in this process and waits until every agent is ready.
   *
   * @throws MeshException when it can't be started; then everything that was started is stopped
   *     again
   */
  public static LocalMesh up(MeshOptions options, MeshProgress progress) {
    AgentFiles.refuseProduction(System.getenv());
    MeshFolder folder = new MeshFolder(options.home());
    folder.refuseStrangers();
    removeThrowAways(options.home());
    LocalMesh mesh;
    try {
      folder.create();
      MeshLock lock = MeshLock.tryAcquire(folder.lock()).orElseThrow(() -> alreadyRunning(folder));
      mesh = new LocalMesh(options, lock, new MeshParts(options, folder));
    } catch (IOException failed) {
      throw new MeshException(
          MeshException.Reason.START_FAILED,
          "the state folder " + options.home() + " can't be used: " + failed,
          failed);
    }
    Runtime.getRuntime().addShutdownHook(mesh.hook);
    mesh.start(folder, progress);
    return mesh;
  }

  /**
   * Whether meshes that this process starts write down what their JVMs learn, for later starts: the
   * launcher says so after a build.
   */
  public static boolean isRecorded() {
    return AotCache.recording();
  }

  /** The mesh that runs in the user's own state folder. */
  public static Optional<RunningMesh> find() {
    return find(MeshFolder.usual());
  }

  /** The mesh that runs in {@code home}. */
  public static Optional<RunningMesh> find(Path home) {
    return RunningMesh.find(home);
  }

  /**
   * Starts a mesh in a process of its own, which goes on when this one ends, and waits until every
   * agent is ready.
   *
   * @throws MeshException when it can't be started; the process is gone then
   */
  public static RunningMesh detach(MeshOptions options, MeshProgress progress) {
    return Detached.start(options, progress);
  }

  /** This mesh as other processes see it. */
  public RunningMesh running() {
    return find(options.home())
        .orElseThrow(
            () ->
                new MeshException(MeshException.Reason.NOT_ANSWERING, "the mesh has been stopped"));
  }

  public MeshStatus status() {
    return parts.status();
  }

  /** Waits until the mesh has been stopped, by whomever. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Stops everything in order. Blocks; a second call waits for the first. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      awaitUninterruptibly(ended);
      return;
    }
    parts.beginStop();
    if (!Thread.currentThread().equals(starter)) {
      while (started.getCount() > 0) {
        starter.interrupt();
        awaitMillis(started, 100);
      }
    }
    finish();
  }

  private void start(MeshFolder folder, MeshProgress progress) {
    try {
      PrivateFiles.write(folder.holder(), MeshJson.write(ProcessRef.self()));
      endLeftovers(folder);
      parts.start(progress, this::closeInBackground);
      started.countDown();
    } catch (IOException | RuntimeException | LinkageError failed) {
      boolean interrupted = closing.get();
      started.countDown();
      close();
      throw interrupted
          ? new MeshException(MeshException.Reason.INTERRUPTED, "the start was interrupted", failed)
          : failed instanceof MeshException known
              ? known
              : new MeshException(
                  MeshException.Reason.START_FAILED,
                  "the mesh did not start: " + failed.getMessage(),
                  failed);
    }
  }

  private void closeInBackground() {
    Thread.ofPlatform().daemon().name("mesh-stop").start(this::close);
  }

  private void finish() {
    try {
      parts.close();
    } catch (RuntimeException failed) {
      LOG.error("Stopping the mesh", failed);
    }
    MeshFolder folder = new MeshFolder(options.home());
    forget(folder);
    lock.close();
    if (options.throwAway()) {
      PrivateFiles.deleteAll(options.home());
    }
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook is what runs this.
    }
  }

  /**
   * Ends what a mesh in {@code home} left behind, if none runs there now.
   *
   * @return whether there was anything
   */
  static boolean cleanUp(Path home) {
    return cleanUp(home, false);
  }

  private static boolean cleanUp(Path home, boolean remove) {
    MeshFolder folder = new MeshFolder(home);
    if (!Files.isDirectory(home)) {
      return false;
    }
    try {
      MeshLock held = MeshLock.tryAcquire(folder.lock()).orElse(null);
      if (held == null) {
        return false;
      }
      try {
        boolean left = Files.exists(folder.info());
        left |= endLeftovers(folder);
        forget(folder);
        if (remove) {
          PrivateFiles.deleteAll(home);
        }
        return left;
      } finally {
        held.close();
      }
    } catch (IOException unreadable) {
      LOG.warn("Can't clean up {}: {}", home, unreadable.getMessage());
      return false;
    }
  }

  /** Removes the throw-away meshes beside {@code home} whose process is gone. */
  private static void removeThrowAways(Path home) {
    for (MeshFolder left : MeshFolder.leftThrowAways(home)) {
      // One without a lock file may be just about to start.
      if (Files.exists(left.lock())) {
        cleanUp(left.home(), true);
      }
    }
  }

  private static boolean endLeftovers(MeshFolder folder) {
    var ended = ProcessLedger.endLeftovers(folder.ledger(), ORPHANS);
    if (!ended.isEmpty()) {
      LOG.warn(
          "A mesh crashed here; ended what it left running: {}",
          ended.stream().map(ProcessLedger.Entry::name).toList());
    }
    return !ended.isEmpty();
  }

  /** Removes the files that speak of a running mesh. */
  private static void forget(MeshFolder folder) {
    try {
      RunningFiles.delete(folder);
    } catch (IOException stays) {
      LOG.warn("Can't remove {}: {}", folder.info(), stays.getMessage());
    }
  }

  static MeshException alreadyRunning(MeshFolder folder) {
    String who;
    try {
      who = "process " + MeshJson.read(Files.readString(folder.holder()), ProcessRef.class).pid();
    } catch (IOException startingOrStopping) {
      who = "it is just starting or stopping";
    }
    return new MeshException(
        MeshException.Reason.ALREADY_RUNNING,
        "the mesh is already running in " + folder.home() + " (" + who + ")");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (true) {
      try {
        latch.await();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitMillis(CountDownLatch latch, long millis) {
    try {
      var ignored = latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException again) {
      // Whoever stops a mesh is not stopped half way.
    }
  }
}
