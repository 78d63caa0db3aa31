package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentweave.a2a.TaskResult;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.client.CallRequest;
import io.agentweave.identity.MintedSvid;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.SvidMint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent as a process, with a service's whole {@code main}. */
class AgentProcessTest {
  private static final Pattern PORT = Pattern.compile("serves on port (\\d+)");

  @TempDir Path directory;
  private AgentScene scene;
  private final List<Process> started = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** A service. */
  static final class Slow extends SecureAgent {
    @Capability("health")
    public String health() throws IOException {
      logger().info("is asked for its health");
      // Until the test says so.
      int said = System.in.read();
      return said == '\n' ? "well" : "abandoned";
    }

    public static void main(String[] args) {
      AgentRunner.main(args, Slow::new);
    }
  }

  @BeforeEach
  void open() {
    scene = new AgentScene(directory);
  }

  @AfterEach
  void close() {
    started.forEach(Process::destroyForcibly);
    threads.shutdownNow();
    scene.close();
  }

  private Process start(Path config) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Slow.class.getName(),
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.txt").toFile());
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private String output() {
    try {
      return Files.readString(directory.resolve("out.txt"));
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void wrongConfiguration_isReportedWhole_andEndsWithCode2() throws Exception {
    Path config =
        Files.writeString(
            directory.resolve("bad.yaml"),
            """
            agent: {name: Bad Name, trust_domain: agentweave.io, capabilities: [{name: health}]}
            server: {prt: 1}
            """);

    Process process = start(config);

    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(output()).contains("agent.name").contains("did you mean port?");
    assertThat(output()).doesNotContain("Exception");
  }

  @Test
  void missingSvid_isOneLine_andEndsWithCode1() throws Exception {
    Path config = Files.writeString(directory.resolve("ingester.yaml"), yaml());

    Process process = start(config);

    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(output()).contains("identity: ").doesNotContain("\tat ");
  }

  @Test
  void sigterm_finishesTheCallUnderWay_andClosesInOrder() throws Exception {
    MintedSvid svid = SvidMint.leaf(AgentScene.id("ingester")).by(scene.authority);
    pem("svid.pem", "CERTIFICATE", encoded(svid.chain()));
    pem("key.pem", "PRIVATE KEY", List.of(svid.key().getEncoded()));
    pem("bundle.pem", "CERTIFICATE", encoded(List.of(scene.authority.certificate())));
    Process process = start(Files.writeString(directory.resolve("ingester.yaml"), yaml()));
    await().until(() -> output().contains("serves on port"));
    Matcher port = PORT.matcher(output());
    assertThat(port.find()).isTrue();
    scene.allow(AgentScene.OPERATOR, "health");
    CallRequest request =
        CallRequest.of(
                SpiffeId.parse(AgentScene.id("ingester")),
                "health",
                Payload.empty(),
                AgentScene.PATIENCE)
            .at("127.0.0.1:" + port.group(1));
    Future<CallOutcome<TaskResult>> underWay = threads.submit(() -> scene.operator().call(request));
    await().until(() -> output().contains("is asked for"));

    process.toHandle().destroy();
    await().until(() -> output().contains("stops: 1 calls"));
    process.toHandle().destroy();
    try (OutputStream input = process.getOutputStream()) {
      input.write('\n');
    }

    assertThat(underWay.get(60, TimeUnit.SECONDS).word()).isEqualTo("completed");
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 15);
    assertThat(output()).contains("has stopped");
    assertThat(scene.audit("ingester")).contains("completed");
  }

  private String yaml() {
    return """
    agent:
      name: ingester
      trust_domain: agentweave.io
      environment: development
      data_directory: ingester
      capabilities: [{name: health}]
    identity:
      provider: static
      static: {certificate: svid.pem, key: key.pem, bundle: bundle.pem}
    authorization:
      provider: opa-embedded
      bundle: %s
      timeout_ms: 60000
      policy_path: pipeline/authz/ingester
    server: {host: 127.0.0.1, port: 0, graceful_shutdown_seconds: 60}
    observability:
      metrics: {host: 127.0.0.1, port: 0}
      tracing: {enabled: false}
    """
        .formatted(Path.of(System.getProperty("agentweave.root"), "policies"));
  }

  private static List<byte[]> encoded(List<? extends Certificate> certificates)
      throws CertificateEncodingException {
    List<byte[]> found = new ArrayList<>();
    for (Certificate certificate : certificates) {
      found.add(certificate.getEncoded());
    }
    return found;
  }

  private void pem(String file, String kind, List<byte[]> contents) throws IOException {
    Base64.Encoder base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    StringBuilder text = new StringBuilder();
    for (byte[] content : contents) {
      text.append("-----BEGIN %s-----\n".formatted(kind));
      text.append(base64.encodeToString(content));
      text.append("\n-----END %s-----\n".formatted(kind));
    }
    Files.writeString(directory.resolve(file), text);
  }
}
