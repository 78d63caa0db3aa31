package io.agentweave.bench.call;

import io.agentweave.bench.MeasurementException;
import io.agentweave.identity.TrustDomain;
import io.agentweave.local.authority.LocalAuthority;
import io.agentweave.local.authority.WorkloadApiServer;
import io.agentweave.local.authority.WorkloadRegistry;
import io.agentweave.local.process.ProcessRef;
import io.agentweave.validation.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the measured processes stand on: SVIDs by a real Workload API and as files, the project's
 * rules and grants, OPA, a collector for spans. The identity authority's SVIDs live an hour, as
 * SPIRE's do by default, so that none is renewed while calls are measured.
 */
final class Surroundings implements AutoCloseable {
  private final Path folder;
  private final LocalAuthority authority =
      new LocalAuthority(new TrustDomain("agentweave.io"), Duration.ofHours(1));
  private final WorkloadRegistry registry;
  private final WorkloadApiServer workloadApi;
  private final SpanSink spans;
  private final @Nullable Opa opa;
  private final @Nullable Opa reusing;

  /**
   * @param root the checkout
   * @param opaBinary null where no variant asks OPA
   */
  Surroundings(Path root, Path folder, @Nullable Path opaBinary)
      throws IOException, InterruptedException {
    this.folder = folder;
    registry = new WorkloadRegistry((int) Files.getAttribute(folder, "unix:uid"));
    workloadApi = WorkloadApiServer.start(folder.resolve("w.sock"), authority, registry);
    spans = SpanSink.start();
    Pem.write(authority, folder.resolve("pem"));
    Policies.write(root.resolve("policies"), folder.resolve("policies"), false);
    Policies.write(root.resolve("policies"), folder.resolve("policies-reuse"), true);
    opa =
        opaBinary == null
            ? null
            : Opa.start(
                opaBinary,
                root.resolve("policies"),
                folder.resolve("policies/grants.json"),
                folder);
    reusing =
        opaBinary == null
            ? null
            : Opa.start(
                opaBinary,
                root.resolve("policies"),
                folder.resolve("policies-reuse/grants.json"),
                Files.createDirectories(folder.resolve("reuse")));
  }

  void register(ProcessHandle process, boolean server) {
    ProcessRef.of(process.pid())
        .ifPresent(found -> registry.register(found, server ? Secured.SERVER : Secured.CLIENT));
  }

  /** Processor time that OPA has used for this variant. */
  long opaNanos(Variant variant) {
    Opa asked = variant == Variant.OPA_REUSED ? reusing : opa;
    return variant.asksOpa() && asked != null ? asked.cpuNanos() : 0;
  }

  /** Writes the file of an agent; a client's needs to know the server's port. */
  void configure(Variant variant, boolean server, int serverPort) throws IOException {
    String name = server ? "measured" : "measuring";
    String role = server ? "server" : "client";
    Map<String, Object> discovery =
        server
            ? Map.of()
            : Map.of("static", Map.of(Secured.SERVER.toString(), "127.0.0.1:" + serverPort));
    // JSON is YAML (YAML 1.2 section 1.3).
    Map<String, Object> file =
        Map.of(
            "agent",
            Map.of(
                "name",
                name,
                "trust_domain",
                "agentweave.io",
                "environment",
                "production",
                "data_directory",
                folder.resolve(variant.word() + "-" + role).toString(),
                "capabilities",
                server ? List.of(Map.of("name", Secured.CAPABILITY)) : List.of()),
            "identity",
            Map.of(
                "spiffe_endpoint",
                workloadApi.endpoint().toString(),
                "startup_timeout_seconds",
                60),
            "authorization",
            authorization(variant),
            "discovery",
            discovery,
            "server",
            Map.of(
                "host",
                "127.0.0.1",
                "port",
                0,
                "requests_per_second",
                Map.of("per_peer", 1_000_000)),
            "observability",
            Map.of(
                "metrics",
                Map.of("host", "127.0.0.1", "port", 0),
                "tracing",
                Map.of(
                    "enabled",
                    variant.kind() != Variant.Kind.RUNG,
                    "endpoint",
                    spans.endpoint(),
                    "sample_rate",
                    variant == Variant.EVERY_SPAN ? 1.0 : 0.01)));
    Files.writeString(folder.resolve(variant.word() + "-" + role + ".yaml"), Json.writeText(file));
  }

  private Map<String, Object> authorization(Variant variant) {
    String path = variant == Variant.OPA_CONSTANT ? Opa.CONSTANT_PATH : "agentweave/authz/decision";
    if (variant.asksOpa()) {
      Opa asked = variant == Variant.OPA_REUSED ? reusing : opa;
      if (asked == null) {
        throw new MeasurementException(variant.word() + " needs OPA");
      }
      return Map.of(
          "provider",
          "opa",
          "opa_endpoint",
          variant == Variant.OPA_HTTP ? asked.http() : asked.unix(),
          "policy_path",
          path);
    }
    return Map.of(
        "provider",
        "opa-embedded",
        "bundle",
        folder.resolve("policies").toString(),
        "policy_path",
        "agentweave/authz");
  }

  @Override
  public void close() {
    if (opa != null) {
      opa.close();
    }
    if (reusing != null) {
      reusing.close();
    }
    spans.close();
    workloadApi.close();
  }
}
