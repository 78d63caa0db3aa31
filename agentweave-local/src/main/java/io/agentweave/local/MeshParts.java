package io.agentweave.local;

import io.agentweave.identity.SpiffeId;
import io.agentweave.local.authority.LocalAuthority;
import io.agentweave.local.authority.WorkloadApiServer;
import io.agentweave.local.authority.WorkloadRegistry;
import io.agentweave.local.postgres.LocalPostgres;
import io.agentweave.local.process.PrivateFiles;
import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.process.ProcessRef;
import io.agentweave.local.trace.TraceStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of one mesh: opened in order, closed in the opposite one. */
final class MeshParts implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";

  private final MeshOptions options;
  private final MeshFolder folder;
  private final Instant startedAt = Instant.now();
  private final ProcessLedger ledger;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<AgentProcess> agents = new ArrayList<>();
  private volatile boolean stopping;
  private volatile boolean ready;
  private @Nullable WorkloadApiServer workloadApi;
  private @Nullable LocalPostgres postgres;
  private @Nullable TraceStore traces;

  MeshParts(MeshOptions options, MeshFolder folder) {
    this.options = options;
    this.folder = folder;
    ledger = new ProcessLedger(folder.ledger());
  }

  /**
   * Starts all parts and waits until every agent is ready.
   *
   * @param stop what to do when somebody asks the mesh to stop
   */
  void start(MeshProgress progress, Runnable stop) throws IOException {
    int steps = 4 + options.agents().size();
    List<AgentSpec> specs = Ports.choose(options);
    specs.forEach(MeshParts::requireBuilt);

    progress.step("identity authority", 1, steps);
    Path sockets = folder.sockets();
    int uid = (int) Files.getAttribute(folder.home(), "unix:uid");
    WorkloadRegistry registry = new WorkloadRegistry(uid);
    Cli.register(registry, options);
    LocalAuthority authority = new LocalAuthority(options.trustDomain(), options.svidLifetime());
    WorkloadApiServer api =
        open(WorkloadApiServer.start(sockets.resolve("workload.sock"), authority, registry));
    workloadApi = api;

    progress.step("trace store", 2, steps);
    TraceStore store = open(TraceStore.start(folder.traces(), 0));
    traces = store;

    progress.step("PostgreSQL", 3, steps);
    int databasePort = Ports.free(1).getFirst();
    MeshInfo info = info(specs, sockets, databasePort, api, store);
    for (AgentSpec spec : specs) {
      AgentFiles.write(spec, info, options.trustDomain().name());
    }
    PrivateFiles.write(folder.info(), MeshJson.write(info));
    open(MeshControl.start(info.control(), () -> MeshJson.write(status()), stop));
    postgres =
        open(
            LocalPostgres.start(
                folder.database(),
                databasePort,
                LocalPostgres.usualCache(),
                ledger.watcher("postgres", ProcessEnd.Signal.INT)));

    for (AgentSpec spec : specs) {
      checkpoint();
      AgentProcess agent =
          new AgentProcess(spec, find(info, spec.name()), folder, registry, ledger);
      synchronized (agents) {
        agents.add(agent);
      }
      open(agent).start();
    }
    ReadyWait wait = new ReadyWait(options.startTimeout(), this::checkpoint);
    for (int i = 0; i < specs.size(); i++) {
      progress.step(specs.get(i).name(), 4 + i, steps);
      wait.until(agents.get(i));
    }
    progress.step("ready", steps, steps);
    ready = true;
  }

  /** From now on nothing more is started, and no agent is started again. */
  void beginStop() {
    stopping = true;
  }

  MeshStatus status() {
    List<MeshStatus.Agent> states;
    synchronized (agents) {
      states = agents.reversed().stream().map(agent -> agent.status(workloadApi)).toList();
    }
    boolean all = states.size() == options.agents().size();
    for (MeshStatus.Agent agent : states) {
      all &= agent.ready();
    }
    LocalPostgres database = postgres;
    TraceStore store = traces;
    MeshStatus.Phase phase =
        stopping
            ? MeshStatus.Phase.STOPPING
            : !ready
                ? MeshStatus.Phase.STARTING
                : all ? MeshStatus.Phase.READY : MeshStatus.Phase.DEGRADED;
    return new MeshStatus(
        phase,
        ProcessHandle.current().pid(),
        startedAt,
        states,
        DatabaseStatus.of(database),
        store == null ? 0 : store.received(),
        store == null ? 0 : store.dropped());
  }

  /** Stops everything, the agents first, in the order of the calls' way. */
  @Override
  public void close() {
    stopping = true;
    if (AotCache.recording()) {
      // Each of them works for many seconds at its end, and nobody calls them any more.
      synchronized (agents) {
        agents.forEach(AgentProcess::beginStop);
      }
    }
    while (true) {
      AutoCloseable last;
      synchronized (opened) {
        last = opened.pollLast();
      }
      if (last == null) {
        return;
      }
      try {
        last.close();
      } catch (Exception failed) {
        throw new IllegalStateException("a part did not close: " + last, failed);
      }
    }
  }

  private <T extends AutoCloseable> T open(T part) {
    synchronized (opened) {
      opened.addLast(part);
    }
    checkpoint();
    return part;
  }

  private void checkpoint() {
    if (stopping || Thread.currentThread().isInterrupted()) {
      throw new MeshException(MeshException.Reason.INTERRUPTED, "the start was interrupted");
    }
  }

  private MeshInfo info(
      List<AgentSpec> specs,
      Path sockets,
      int databasePort,
      WorkloadApiServer api,
      TraceStore store) {
    return new MeshInfo(
        ProcessRef.self(),
        startedAt,
        folder.home(),
        options.root(),
        api.endpoint(),
        sockets.resolve("control.sock"),
        options.root().resolve("policies"),
        LocalPostgres.jdbcUrl(databasePort),
        LocalPostgres.USER,
        LocalPostgres.passwordFile(folder.database()),
        store.endpoint(),
        folder.traces(),
        // In the order of the calls' way.
        specs.reversed().stream()
            .map(
                spec ->
                    new MeshInfo.Agent(
                        spec.name(),
                        SpiffeId.parse(
                            "spiffe://" + options.trustDomain() + "/agent/" + spec.name()),
                        LOOPBACK + ":" + spec.port(),
                        URI.create("http://" + LOOPBACK + ":" + spec.metricsPort()),
                        folder.configs().resolve(spec.name() + ".yaml"),
                        folder.data(spec.name()),
                        folder.logs().resolve(spec.name() + ".log")))
            .toList());
  }

  private static MeshInfo.Agent find(MeshInfo info, String name) {
    return info.agents().stream()
        .filter(agent -> agent.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void requireBuilt(AgentSpec spec) {
    for (Path entry : spec.classPath()) {
      boolean wildcard = entry.endsWith("*");
      Path file = wildcard ? entry.resolveSibling("") : entry;
      if (!Files.exists(file)) {
        throw new MeshException(
            MeshException.Reason.NOT_BUILT,
            "the " + spec.name() + " has not been built: " + file + " is missing");
      }
    }
  }
}
