package io.agentweave.local;

import com.sun.net.httpserver.HttpServer;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.WorkloadApiSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A program that behaves like an agent towards its mesh: it gets a real SVID, says on its metrics
 * port whether it is ready, and ends on SIGTERM. Its description says what it does besides.
 */
final class FakeAgent {
  private FakeAgent() {}

  public static void main(String[] args) throws Exception {
    System.out.println("I begin");
    if (!(AgentConfigFile.readAgentSections(Path.of(args[1]), Map.of())
        instanceof ConfigReading.Loaded<?> loaded)) {
      throw new IllegalArgumentException("the configuration is wrong");
    }
    AgentConfig config = loaded.agent();
    if (config.agent().description().equals("hopeless")) {
      System.err.println("I cannot go on");
      System.exit(1);
    }
    IdentitySource identity =
        IdentitySources.fromWorkloadApi(
            new WorkloadApiSettings(
                URI.create(config.identity().spiffeEndpoint()),
                Optional.of(config.agent().spiffeId()),
                Set.of(),
                Duration.ofMinutes(2)));
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(
                InetAddress.getLoopbackAddress(), config.observability().metrics().port()),
            0);
    boolean ready = !config.agent().description().equals("unready");
    byte[] body =
        """
        {"status": "x", "checks": [{"name": "identity", "ready": true, "detail": "fine"},
         {"name": "database", "ready": false, "detail": "nobody there"}]}
        """
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(ready ? 200 : 503, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    System.out.println("I am " + identity.current().spiffeId());
    Thread.currentThread().join();
  }
}
