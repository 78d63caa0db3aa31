package io.agentweave.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.IdentityUnavailableException;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.WorkloadApiSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * Identities from a real SPIRE that attests this very process by its user. Server and agent stand
 * in this test's own network, and know each other by a join token.
 */
class SpireTest {
  private static final String DOMAIN = "spiffe://agentweave.io";
  private static final String SERVER = "/opt/spire/bin/spire-server";

  @TempDir static Path folder;

  private static Network network;
  private static GenericContainer<?> server;
  private static GenericContainer<?> agent;

  @BeforeAll
  static void start() throws Exception {
    network = Network.newNetwork();
    Path serverConf = folder.resolve("server.conf");
    Files.writeString(
        serverConf,
        """
        server {
          bind_address = "0.0.0.0"
          bind_port = "8081"
          trust_domain = "agentweave.io"
          data_dir = "/data"
        }
        plugins {
          DataStore "sql" {
            plugin_data { database_type = "sqlite3" connection_string = "/data/store.sqlite3" }
          }
          NodeAttestor "join_token" { plugin_data {} }
          KeyManager "memory" { plugin_data {} }
        }
        """);
    server =
        spire("spire-server", serverConf)
            .withNetworkAliases("spire-server")
            .withCommand("run", "-config", "/etc/spire.conf")
            .waitingFor(
                Wait.forLogMessage(".*Starting Server APIs.*", 1).withStartupTimeout(Parts.START));
    server.start();
    String token =
        server("token", "generate", "-spiffeID", DOMAIN + "/agent/spire-agent")
            .lines()
            .filter(line -> line.startsWith("Token: "))
            .map(line -> line.substring("Token: ".length()).strip())
            .findFirst()
            .orElseThrow();
    Files.writeString(folder.resolve("bundle.crt"), server("bundle", "show"));
    Path agentConf = folder.resolve("agent.conf");
    Files.writeString(
        agentConf,
        """
        agent {
          server_address = "spire-server"
          server_port = "8081"
          trust_domain = "agentweave.io"
          data_dir = "/data"
          socket_path = "/shared/agent.sock"
          trust_bundle_path = "/shared/bundle.crt"
        }
        plugins {
          NodeAttestor "join_token" { plugin_data {} }
          KeyManager "memory" { plugin_data {} }
          WorkloadAttestor "unix" { plugin_data {} }
        }
        """);
    agent =
        spire("spire-agent", agentConf)
            .withFileSystemBind(folder.toString(), "/shared", BindMode.READ_WRITE)
            .withCommand("run", "-config", "/etc/spire.conf", "-joinToken", token)
            .waitingFor(
                Wait.forLogMessage(".*Starting agent APIs.*", 1).withStartupTimeout(Parts.START));
    agent.start();
  }

  private static GenericContainer<?> spire(String program, Path configuration) {
    return Parts.of("ghcr.io/spiffe/" + program)
        .withNetwork(network)
        .withFileSystemBind(configuration.toString(), "/etc/spire.conf", BindMode.READ_ONLY)
        .withTmpFs(Map.of("/data", "rw"))
        .withCreateContainerCmdModifier(
            command ->
                command
                    .withUser("0:0")
                    .withEntrypoint("/opt/spire/bin/" + program)
                    .getHostConfig()
                    .withPidMode("host"));
  }

  private static String server(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = SERVER;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    ExecResult result = server.execInContainer(command);
    assertThat(result.getExitCode()).as(result.getStdout() + result.getStderr()).isZero();
    return result.getStdout();
  }

  @AfterAll
  static void stop() {
    agent.stop();
    server.stop();
    network.close();
  }

  private static void register(String id, String selector) throws Exception {
    server(
        "entry",
        "create",
        "-spiffeID",
        DOMAIN + id,
        "-parentID",
        DOMAIN + "/agent/spire-agent",
        "-selector",
        selector,
        "-x509SVIDTTL",
        "20");
  }

  private static IdentitySource identity(String id, Duration patience) {
    return IdentitySources.fromWorkloadApi(
        new WorkloadApiSettings(
            URI.create("unix://" + folder.resolve("agent.sock")),
            Optional.of(SpiffeId.parse(DOMAIN + id)),
            Set.of(),
            patience));
  }

  @Test
  void processOfTheRegisteredUser_getsItsSvidAndEachNewOne() throws Exception {
    long user = ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    register("/agent/mine", "unix:uid:" + user);
    try (IdentitySource source = identity("/agent/mine", Duration.ofMinutes(3))) {
      String first = source.current().svidSerial();
      assertThat(source.current().spiffeId()).hasToString(DOMAIN + "/agent/mine");
      await().untilAsserted(() -> assertThat(source.current().svidSerial()).isNotEqualTo(first));
    }
  }

  @Test
  void processOfAnotherUser_getsNone() throws Exception {
    register("/agent/others", "unix:uid:64999");
    assertThatThrownBy(() -> identity("/agent/others", Duration.ofSeconds(8)).close())
        .isInstanceOf(IdentityUnavailableException.class);
  }
}
