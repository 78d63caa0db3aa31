package io.agentweave.bench.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.agentweave.bench.Machine;
import io.agentweave.bench.MeasurementException;
import io.agentweave.local.AgentSpec;
import io.agentweave.local.LocalMesh;
import io.agentweave.local.MeshException;
import io.agentweave.local.MeshOptions;
import io.agentweave.local.MeshProgress;
import io.agentweave.local.MeshStatus;
import io.agentweave.local.RunningMesh;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A local mesh as {@code agentweave up} starts it, with one agent more, which sends. Its policies
 * are the project's own and one grant for that agent.
 */
final class Pipeline implements AutoCloseable {
  private static final String DRIVER =
      """
      agent:
        name: driver
        trust_domain: ${trust_domain}
        environment: development
        data_directory: ${data_directory}
        capabilities: []
      identity:
        spiffe_endpoint: ${spiffe_endpoint}
      authorization:
        provider: opa-embedded
        bundle: ${policies}
        policy_path: agentweave/authz
      discovery:
        static:
          "spiffe://agentweave.io/agent/ingester": ${ingester_address}
      server:
        host: 127.0.0.1
        port: ${port}
      observability:
        metrics:
          host: 127.0.0.1
          port: ${metrics_port}
        tracing:
          endpoint: ${trace_endpoint}
      driver:
        port: CONTROL
        events: EVENTS
        run: RUN
      """;

  private final ServerSocket control;
  private final LocalMesh mesh;
  private final Socket driver;
  private final BufferedReader answers;
  private final PrintStream commands;

  private Pipeline(ServerSocket control, LocalMesh mesh, Socket driver) throws IOException {
    this.control = control;
    this.mesh = mesh;
    this.driver = driver;
    this.answers =
        new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
    this.commands = new PrintStream(driver.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /**
   * Starts it.
   *
   * @param root the checkout, built
   * @param events what to send, over and over
   */
  static Pipeline start(Path root, Path folder, Path events) throws IOException {
    ServerSocket control = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    control.setSoTimeout(30_000);
    List<AgentSpec> agents = new ArrayList<>(AgentSpec.pipeline(root));
    String text =
        DRIVER
            .replace("CONTROL", Integer.toString(control.getLocalPort()))
            .replace("EVENTS", Json.writeText(events.toString()))
            .replace("RUN", "m" + Long.toString(System.currentTimeMillis(), 36));
    agents.add(
        new AgentSpec(
            "driver",
            Driver.class.getName(),
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .toList(),
            text,
            0,
            0));
    LocalMesh mesh;
    try {
      mesh =
          LocalMesh.up(
              MeshOptions.pipeline(checkout(root, folder))
                  .withHome(Files.createDirectories(folder.resolve("home")))
                  .withAgents(agents)
                  .withFreePorts(),
              MeshProgress.silent());
    } catch (MeshException e) {
      control.close();
      throw new MeasurementException("the local mesh did not start: " + e.getMessage(), e);
    }
    return new Pipeline(control, mesh, control.accept());
  }

  /** A folder that looks like the checkout to a mesh, but grants one right more. */
  private static Path checkout(Path root, Path folder) throws IOException {
    Path checkout = Files.createDirectories(folder.resolve("root"));
    Files.createSymbolicLink(checkout.resolve("samples"), root.resolve("samples"));
    Path policies = Files.createDirectories(checkout.resolve("policies"));
    for (String file : List.of("policy.wasm", "policy.wasm.sources")) {
      Files.copy(root.resolve("policies").resolve(file), policies.resolve(file));
    }
    if (!(Json.read(Files.readAllBytes(root.resolve("policies/grants.json")))
        instanceof JsonReading.Parsed(JsonNode tree))) {
      throw new MeasurementException("policies/grants.json can't be read");
    }
    var grant =
        ((ArrayNode) tree.path("agentweave").path("grants"))
            .addObject()
            .put("id", "driver-to-ingester")
            .put("caller", "spiffe://agentweave.io/agent/driver")
            .put("callee", "spiffe://agentweave.io/agent/ingester");
    grant.putArray("capabilities").add("ingest_event").add("ingest_batch");
    grant.putArray("directions").add("inbound").add("outbound");
    grant.putObject("limits").put("max_payload_bytes", 4_194_304);
    Files.write(policies.resolve("grants.json"), Json.write(tree));
    return checkout;
  }

  /**
   * Sends as {@link Sending#obey} says, waits until nothing of it is left in the outbox, and
   * accounts for all of it: processor time is that of what was done after the last answer, too.
   */
  PipelineRun send(String what, String command)
      throws IOException, InterruptedException, SQLException {
    Map<String, Long> before = cpu();
    commands.println(command);
    String line = answers.readLine();
    if (line == null) {
      throw new MeasurementException("the driver ended; see the mesh's logs");
    }
    double delivered = delivered();
    Map<String, Long> after = cpu();
    if (!(Json.read(line.getBytes(StandardCharsets.UTF_8))
        instanceof JsonReading.Parsed(JsonNode said))) {
      throw new MeasurementException("the driver said " + line);
    }
    long answered = said.path("answered").asLong();
    double seconds = said.path("seconds").asDouble();
    Map<String, Double> cpuMicros = new LinkedHashMap<>();
    after.forEach(
        (name, nanos) ->
            cpuMicros.put(name, (nanos - before.getOrDefault(name, 0L)) / 1e3 / answered));
    if (said.path("failed").asLong() > 0) {
      System.err.println("bench: " + what + ": " + said.path("first_failure").asText());
    }
    return new PipelineRun(
        what,
        answered + said.path("failed").asLong(),
        said.path("stored").asLong(),
        said.path("failed").asLong(),
        seconds,
        answered / seconds,
        said.path("bytes").asDouble() / 1e6 / seconds,
        said.path("p50_ms").asDouble(),
        said.path("p99_ms").asDouble(),
        said.path("max_ms").asDouble(),
        delivered,
        cpuMicros);
  }

  /** Process ids by name, agents only. */
  Map<String, Long> agents() {
    Map<String, Long> agents = new LinkedHashMap<>();
    for (MeshStatus.Agent agent : mesh.status().agents()) {
      agent.pid().ifPresent(pid -> agents.put(agent.name(), pid));
    }
    return agents;
  }

  private Map<String, Long> cpu() {
    Map<String, Long> cpu = new LinkedHashMap<>();
    agents().forEach((name, pid) -> cpu.put(name, nanos(pid)));
    mesh.status().database().pid().ifPresent(pid -> cpu.put("postgres", tree(pid)));
    cpu.put("mesh", Machine.cpuNanos(ProcessHandle.current()));
    return cpu;
  }

  private static long nanos(long pid) {
    return ProcessHandle.of(pid).map(Machine::cpuNanos).orElse(0L);
  }

  /** Also what processes used that have ended, as those that clean up a database do. */
  private static long tree(long pid) {
    Optional<ProcessHandle> top = ProcessHandle.of(pid);
    long ended;
    try {
      ended = Machine.endedChildrenNanos(pid);
    } catch (IOException gone) {
      ended = 0;
    }
    return ended
        + top.map(Machine::cpuNanos).orElse(0L)
        + top.stream().flatMap(ProcessHandle::descendants).mapToLong(Machine::cpuNanos).sum();
  }

  /** Seconds until all destinations of the outbox have what they should. */
  private double delivered() throws SQLException, InterruptedException {
    long begin = System.nanoTime();
    try (Connection connection = running().connect()) {
      while (first(connection, "select count(*) from outbox") > 0) {
        if (System.nanoTime() - begin > TimeUnit.MINUTES.toNanos(2)) {
          throw new MeasurementException("the outbox is not empty after two minutes");
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Rows in the database. */
  long rows() throws SQLException {
    try (Connection connection = running().connect()) {
      return first(connection, "select count(*) from events");
    }
  }

  private static long first(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  RunningMesh running() {
    return mesh.running();
  }

  @Override
  public void close() {
    try {
      driver.close();
      control.close();
    } catch (IOException gone) {
      // The driver has ended by itself.
    }
    mesh.close();
  }
}
