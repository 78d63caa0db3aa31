package io.agentweave.bench.call;

import io.agentweave.bench.Machine;
import io.agentweave.bench.MeasurementException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** OPA as a server with the project's own rules, on a port and on a Unix socket. */
final class Opa implements AutoCloseable {
  /** Where a policy answers that looks at nothing: what asking costs, whatever is asked. */
  static final String CONSTANT_PATH = "measured/decision";

  private static final String CONSTANT =
      """
      package measured

      decision := {"allow": true, "reason": "granted", "policy_id": "constant"}
      """;

  private final Process process;
  private final int port;
  private final Path socket;

  private Opa(Process process, int port, Path socket) {
    this.process = process;
    this.port = port;
    this.socket = socket;
  }

  /** Starts {@code binary} with the rules below {@code policies} and these grants. */
  static Opa start(Path binary, Path policies, Path grants, Path folder)
      throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Path socket = folder.resolve("opa.sock");
    Path bundle = bundle(binary, policies, grants, folder);
    List<String> command =
        List.of(
            binary.toString(),
            "run",
            "--server",
            "--skip-version-check",
            "--optimize-store-for-read-speed",
            "--log-level=error",
            "--addr=127.0.0.1:" + port,
            "--addr=unix://" + socket,
            "--bundle",
            bundle.toString());
    Path log = folder.resolve("opa.log");
    ProcessBuilder server =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    // As in deploy/docker-compose.yaml.
    server.environment().put("GOGC", "400");
    Process process = server.start();
    Opa opa = new Opa(process, port, socket);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!opa.answers()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        opa.close();
        throw new MeasurementException("OPA did not start: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return opa;
  }

  /** A bundle with a revision, without which no permit could be reused. */
  private static Path bundle(Path binary, Path policies, Path grants, Path folder)
      throws IOException, InterruptedException {
    Path bundle = folder.resolve("bundle.tar.gz");
    List<String> command =
        new ArrayList<>(
            List.of(binary.toString(), "build", "--revision=measured", "--output=" + bundle));
    try (Stream<Path> files = Files.walk(policies)) {
      files
          .map(Path::toString)
          .filter(file -> file.endsWith(".rego") && !file.endsWith("_test.rego"))
          .sorted()
          .forEach(command::add);
    }
    command.add(Files.writeString(folder.resolve("constant.rego"), CONSTANT).toString());
    command.add(grants.toString());
    Path log = folder.resolve("opa-build.log");
    Process build =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (build.waitFor() != 0) {
      throw new MeasurementException("OPA made no bundle: " + Files.readString(log));
    }
    return bundle;
  }

  private boolean answers() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException notYet) {
      return false;
    }
  }

  String http() {
    return "http://127.0.0.1:" + port;
  }

  String unix() {
    return "unix://" + socket;
  }

  long cpuNanos() {
    return Machine.cpuNanos(process.toHandle());
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(3, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
