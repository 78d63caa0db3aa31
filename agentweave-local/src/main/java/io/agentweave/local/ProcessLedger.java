package io.agentweave.local;

import io.agentweave.local.process.PrivateFiles;
import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.process.ProcessRef;
import io.agentweave.local.process.SupervisedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of a mesh's processes, on disk, so that the next mesh can end what a crashed one left
 * behind, and nothing else. Safe for use by many threads.
 */
final class ProcessLedger {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLedger.class);

  private final Path file;
  private final List<Entry> entries = new ArrayList<>();

  ProcessLedger(Path file) {
    this.file = file;
  }

  /** One process. */
  record Entry(String name, ProcessRef process, ProcessEnd.Signal stop) {}

  /** The file as a whole. */
  record Entries(List<Entry> processes) {}

  /** Writes down each process of one name. */
  SupervisedProcess.Watcher watcher(String name, ProcessEnd.Signal stop) {
    return new SupervisedProcess.Watcher() {
      @Override
      public void started(ProcessRef process) {
        synchronized (entries) {
          entries.add(new Entry(name, process, stop));
          write();
        }
      }

      @Override
      public void ended(ProcessRef process) {
        synchronized (entries) {
          entries.removeIf(entry -> entry.process().equals(process));
          write();
        }
      }
    };
  }

  /** Ends every process that an earlier mesh wrote down here and that still runs. */
  static List<Entry> endLeftovers(Path file, Duration patience) {
    List<Entry> alive = read(file).stream().filter(entry -> entry.process().alive()).toList();
    // All are asked first: an agent without its Workload API and database has nothing to wait for.
    alive.forEach(entry -> ProcessEnd.ask(entry.process(), entry.stop()));
    alive.forEach(entry -> ProcessEnd.end(entry.process(), entry.stop(), patience));
    return alive;
  }

  private static List<Entry> read(Path file) {
    try {
      return MeshJson.read(Files.readString(file), Entries.class).processes();
    } catch (IOException absentOrDamaged) {
      return List.of();
    }
  }

  private void write() {
    try {
      PrivateFiles.write(file, MeshJson.write(new Entries(List.copyOf(entries))));
    } catch (IOException failed) {
      LOG.warn("The list of processes can't be written: {}", failed.getMessage());
    }
  }
}
