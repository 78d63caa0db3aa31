package io.agentweave.local;

import io.agentweave.identity.SpiffeId;
import io.agentweave.local.authority.WorkloadApiServer;
import io.agentweave.local.authority.WorkloadRegistry;
import io.agentweave.local.process.ProcessEnd;
import io.agentweave.local.process.ProcessRef;
import io.agentweave.local.process.ProcessSpec;
import io.agentweave.local.process.SupervisedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One agent of the mesh in its process: written down, attested by its process id, watched. */
final class AgentProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** A JVM that records its cache writes it at its end. */
  private static final Duration RECORDING_PATIENCE = Duration.ofMinutes(2);

  /**
   * Small and steady: an agent idles at some 160 MiB and has twice as much under full load. The
   * heap has room for what large batches leave behind, or whole collections would follow each
   * other. Its methods are inlined with more restraint than is usual: on two cores that saves two
   * fifths of what the first hundred thousand calls spend on compilation, and later calls lose
   * little. Of the young generation, little survives but the newest tasks, so that a pause costs
   * nearly the same whatever its size. MetaspaceSize and SweeperThreshold leave out whole
   * collections for classes and for code, of which a start has five.
   */
  private static final List<String> JVM =
      List.of(
          "-Xms48m",
          "-Xmx128m",
          "-Xmn40m",
          "-Xss512k",
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:MaxDirectMemorySize=64m",
          "-XX:ReservedCodeCacheSize=64m",
          "-XX:FreqInlineSize=100",
          "-XX:InlineSmallCode=1000",
          "-XX:MetaspaceSize=64m",
          "-XX:SweeperThreshold=40",
          "-XX:TrimNativeHeapInterval=10000",
          "-XX:+ExitOnOutOfMemoryError",
          "-Djdk.tls.server.newSessionTicketCount=0",
          // Describing Netty's events to Flight Recorder takes a tenth of a second of each start.
          "-Dio.netty.jfr.enabled=false",
          // Looking for leaks takes a stack trace of one buffer in 128.
          "-Dio.netty.leakDetection.level=disabled",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final AgentSpec spec;
  private final MeshInfo.Agent agent;
  private final SupervisedProcess process;

  AgentProcess(
      AgentSpec spec,
      MeshInfo.Agent agent,
      MeshFolder folder,
      WorkloadRegistry registry,
      ProcessLedger ledger) {
    this.spec = spec;
    this.agent = agent;
    SupervisedProcess.Watcher writer = ledger.watcher(spec.name(), ProcessEnd.Signal.TERM);
    process =
        new SupervisedProcess(
            new ProcessSpec(
                spec.name(),
                command(spec, agent.config()),
                // Each arena of glibc's allocator keeps what it once had.
                Map.of("MALLOC_ARENA_MAX", "2"),
                folder.logs().resolve(spec.name() + ".log"),
                ProcessEnd.Signal.TERM,
                AotCache.recording() ? RECORDING_PATIENCE : PATIENCE),
            new SupervisedProcess.Watcher() {
              @Override
              public void started(ProcessRef started) {
                registry.register(started, agent.spiffeId());
                writer.started(started);
              }

              @Override
              public void ended(ProcessRef gone) {
                registry.remove(gone);
                writer.ended(gone);
              }
            });
  }

  void start() throws IOException {
    process.start();
  }

  String name() {
    return spec.name();
  }

  Path log() {
    return agent.log();
  }

  SupervisedProcess process() {
    return process;
  }

  AgentHealth health() {
    return AgentHealth.ask(agent.metrics());
  }

  MeshStatus.Agent status(@Nullable WorkloadApiServer api) {
    AgentHealth health =
        process.state() == SupervisedProcess.State.RUNNING
            ? health()
            : new AgentHealth(false, "is not running");
    SpiffeId spiffeId = agent.spiffeId();
    return new MeshStatus.Agent(
        spec.name(),
        spiffeId,
        process.state(),
        process.process().map(ProcessRef::pid),
        process.restarts(),
        process.lastEnd(),
        health.ready(),
        health.detail(),
        api == null ? Optional.empty() : api.svidNotAfter(spiffeId),
        spec.port(),
        spec.metricsPort());
  }

  /** What the agent printed last: before its last end, or up to now when it never ended. */
  String lastLogLine() {
    return process.restarts() > 0 ? process.lastWords() : lastLineOf(agent.log());
  }

  private static String lastLineOf(Path log) {
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> !line.isBlank()).reduce((first, last) -> last).orElse("");
    } catch (IOException | UncheckedIOException nothing) {
      return "";
    }
  }

  void beginStop() {
    process.beginStop();
  }

  @Override
  public void close() {
    process.close();
  }

  private static List<String> command(AgentSpec spec, Path config) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.addAll(AotCache.options(spec.classPath().getFirst()));
    command.add("-cp");
    command.add(spec.classPath().stream().map(Path::toString).collect(Collectors.joining(":")));
    command.addAll(List.of(spec.mainClass(), "--config", config.toString()));
    return command;
  }
}
