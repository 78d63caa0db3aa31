package io.agentweave.local;

import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.trace.TraceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/** A mesh that some process runs, seen from any process of the same user. */
public final class RunningMesh {
  private final MeshInfo info;

  private RunningMesh(MeshInfo info) {
    this.info = info;
  }

  /**
   * The mesh that runs in {@code home}; empty when none does, or one crashed there.
   *
   * @throws MeshException when the folder is another user's
   */
  static Optional<RunningMesh> find(Path home) {
    new MeshFolder(home).refuseStrangers();
    try {
      MeshInfo info = MeshJson.read(Files.readString(new MeshFolder(home).info()), MeshInfo.class);
      return info.process().alive() ? Optional.of(new RunningMesh(info)) : Optional.empty();
    } catch (IOException absentOrDamaged) {
      return Optional.empty();
    }
  }

  public MeshInfo info() {
    return info;
  }

  /**
   * Asks the mesh how it is.
   *
   * @throws MeshException when it does not answer
   */
  public MeshStatus status() {
    try {
      return MeshJson.read(MeshControl.ask(info.control(), MeshControl.STATUS), MeshStatus.class);
    } catch (IOException silent) {
      throw new MeshException(
          MeshException.Reason.NOT_ANSWERING,
          "the mesh (process " + info.process().pid() + ") does not answer",
          silent);
    }
  }

  /** What {@link #status} says, as one line of JSON. */
  public String statusJson() {
    return MeshJson.write(status());
  }

  /** The traces that were kept. */
  public TraceFiles traces() {
    return new TraceFiles(info.traces());
  }

  /** A connection to the database, as the user that owns the events. */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", info.databaseUser());
    try {
      properties.setProperty("password", Files.readString(info.passwordFile()).strip());
    } catch (IOException unreadable) {
      throw new SQLException("can't read " + info.passwordFile(), unreadable);
    }
    return DriverManager.getConnection(info.jdbcUrl(), properties);
  }

  /**
   * Stops the mesh in order and waits until its process is gone, or, when it runs inside a longer
   * living process, until it is down. One that does not stop in time is killed, and what it leaves
   * is cleaned up.
   *
   * @return whether it stopped by itself
   */
  public boolean down(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    try {
      MeshControl.ask(info.control(), MeshControl.STOP);
    } catch (IOException deaf) {
      ProcessEnd.ask(info.process(), ProcessEnd.Signal.TERM);
    }
    while (System.nanoTime() < end) {
      if (!info.process().alive() || !Files.exists(new MeshFolder(info.home()).info())) {
        return !LocalMesh.cleanUp(info.home());
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException hurry) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    ProcessEnd.end(info.process(), ProcessEnd.Signal.TERM, Duration.ofSeconds(1));
    LocalMesh.cleanUp(info.home());
    return false;
  }
}
