package io.agentweave.bench.start;

import io.agentweave.bench.Context;
import io.agentweave.bench.Machine;
import io.agentweave.bench.MeasurementException;
import io.agentweave.bench.Median;
import io.agentweave.bench.Results;
import io.agentweave.local.LocalMesh;
import io.agentweave.local.MeshStatus;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Cold starts of one agent and of the whole local mesh, and a call from the command line. */
public final class StartBench {
  private static final List<Integer> PORTS = List.of(8443, 8444, 8445, 9090, 9091, 9092);

  private StartBench() {}

  /** Measures, and keeps what was found. */
  public static void run(Context context) throws IOException, InterruptedException {
    Results results = context.results();
    context.progress().println("starts of one agent");
    LoneAgent.Starts starts =
        LoneAgent.starts(
            context.root(), context.folder().resolve("lone"), context.bySize(1, 3, 4), true);
    LoneAgent.Starts uncached =
        LoneAgent.starts(context.root(), context.folder().resolve("bare"), 1, false);
    Median ready = ready(starts);
    double readyUncached = ready(uncached).middle();
    results.put("agent_ready_s", ready);
    results.put("agent_ready_without_aot_s", readyUncached);
    results.put("agent_idle_mib", starts.idleMib());
    results.put("agent_idle_without_aot_mib", uncached.idleMib());
    Map<String, Object> mesh = mesh(context);
    results.raw(
        "start", Map.of("agent", starts, "agent_without_aot_cache", uncached, "mesh", mesh));
    results.text(
        String.format(
            Locale.ROOT,
            "Start and memory%none agent: ready after %.2f s (%.2f-%.2f), %.0f MiB idle%n"
                + "without an AOT cache: ready after %.2f s, %.0f MiB idle%n"
                + "mesh: %s%n",
            ready.middle(),
            ready.low(),
            ready.high(),
            starts.idleMib(),
            readyUncached,
            uncached.idleMib(),
            mesh));
  }

  private static Median ready(LoneAgent.Starts starts) {
    return Median.of(starts.readySeconds().stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static Map<String, Object> mesh(Context context)
      throws IOException, InterruptedException {
    Map<String, Object> found = new LinkedHashMap<>();
    context.progress().println("start of the local mesh");
    double[] ups = new double[context.bySize(1, 2, 3)];
    for (int i = 0; i < ups.length; i++) {
      Path home = Files.createDirectories(context.folder().resolve("home-" + i));
      Command agentweave = new Command(context.root(), home);
      ups[i] = up(agentweave);
      try {
        if (i == 0) {
          use(context, agentweave, home, found);
        }
      } finally {
        agentweave.run("down");
      }
    }
    context.results().put("mesh_up_s", Median.of(ups));
    found.put("up_s", Arrays.stream(ups).boxed().toList());
    Path home = Files.createDirectories(context.folder().resolve("home-uncached"));
    Command uncached =
        new Command(context.root(), home).with("JAVA_TOOL_OPTIONS", "-XX:AOTMode=off");
    double uncachedUp = up(uncached);
    uncached.run("down");
    context.results().put("mesh_up_without_aot_s", uncachedUp);
    found.put("up_without_aot_cache_s", uncachedUp);
    return found;
  }

  private static double up(Command agentweave) throws IOException, InterruptedException {
    return agentweave
        .run("up", "--detach", "--port-offset", Integer.toString(freeOffset()))
        .seconds();
  }

  /** Calls an agent of the mesh that is up, and looks at the memory of all of them. */
  private static void use(Context context, Command agentweave, Path home, Map<String, Object> found)
      throws IOException, InterruptedException {
    Results results = context.results();
    double[] calls = new double[context.bySize(1, 3, 4)];
    for (int i = 0; i < calls.length; i++) {
      calls[i] =
          agentweave
              .run(
                  "call",
                  "--target",
                  "spiffe://agentweave.io/agent/ingester",
                  "--capability",
                  "health")
              .seconds();
    }
    results.put("cli_call_s", Median.of(calls));
    found.put("call_s", Arrays.stream(calls).boxed().toList());
    // Where the command keeps the mesh below AGENTWEAVE_HOME.
    MeshStatus status =
        LocalMesh.find(home.resolve("mesh"))
            .orElseThrow(() -> new MeasurementException("the mesh that came up is gone"))
            .status();
    for (MeshStatus.Agent agent : status.agents()) {
      if (agent.pid().isPresent()) {
        double mib = Machine.residentKib(agent.pid().get()) / 1024.0;
        found.put(agent.name() + "_idle_mib", mib);
        results.put("mesh_" + agent.name() + "_idle_mib", mib);
      }
    }
  }

  /** How far all ports have to be moved so that none is taken. */
  private static int freeOffset() {
    for (int offset = 0; offset < 20_000; offset += 100) {
      if (free(offset)) {
        return offset;
      }
    }
    throw new MeasurementException("no free ports for a mesh: " + PORTS + " are taken, and so on");
  }

  private static boolean free(int offset) {
    for (int port : PORTS) {
      try (ServerSocket socket = new ServerSocket(port + offset)) {
        socket.getLocalPort();
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }
}
