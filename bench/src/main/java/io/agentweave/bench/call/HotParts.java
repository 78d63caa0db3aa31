package io.agentweave.bench.call;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.authz.Authorization;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.authz.PolicyInput;
import io.agentweave.call.Call;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.config.ObservabilitySection.Tracing;
import io.agentweave.identity.IdentitySource;
import io.agentweave.identity.IdentitySources;
import io.agentweave.identity.PemFiles;
import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.local.authority.LocalAuthority;
import io.agentweave.local.process.PrivateFiles;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.telemetry.TelemetrySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the pieces of the hot path work with: the real parts of the called agent, with nothing at
 * the other end of a wire.
 *
 * @param folder for files of this measurement; deleted by {@link #close}
 * @param peer the certificates of the calling agent, leaf first
 */
public record HotParts(
    Path folder,
    IdentitySource identity,
    List<X509Certificate> peer,
    PolicyEngine engine,
    Telemetry telemetry)
    implements AutoCloseable {

  /** The calling agent. */
  public static final SpiffeId CALLER = Secured.CLIENT;

  /** The called agent. */
  public static final SpiffeId CALLEE = Secured.SERVER;

  /** What is called. */
  public static final String CAPABILITY = Secured.CAPABILITY;

  /** Opens all of them. */
  public static HotParts open() throws IOException {
    Path folder = Files.createTempDirectory("aw-hot-");
    Policies.write(
        Path.of(System.getProperty("agentweave.root")).resolve("policies"),
        folder.resolve("policies"),
        false);
    LocalAuthority authority =
        new LocalAuthority(new TrustDomain("agentweave.io"), Duration.ofHours(1));
    Pem.write(authority, folder.resolve("pem"));
    return new HotParts(
        folder,
        IdentitySources.fromPemFiles(
            new PemFiles(
                folder.resolve("pem/server.pem"),
                folder.resolve("pem/server.key"),
                folder.resolve("pem/bundle.pem")),
            Optional.of(CALLEE),
            Set.of()),
        authority.issue(CALLER).chain(),
        Authorization.embeddedEngine(
            folder.resolve("policies"), "agentweave/authz", Duration.ofSeconds(5)),
        Telemetry.start(
            new TelemetrySettings(
                "measured",
                Optional.of(CALLEE),
                "production",
                new Tracing(false, "otlp", "http://localhost:4317", 1.0),
                Set.of(CAPABILITY))));
  }

  /** The question whether the measured call is permitted. */
  public static PolicyInput policyInput() {
    return new PolicyInput(
        new Call(
            "0b3a1c52-7f1e-4f63-9d5c-6f0f8f1b2a3c",
            Direction.INBOUND,
            "SendMessage",
            CAPABILITY,
            null,
            payload(),
            Deadline.in(Duration.ofHours(1))),
        CALLER,
        CALLEE,
        "production",
        Instant.now());
  }

  /** What is sent. */
  public static Payload payload() {
    return Payload.ofJson(Sample.payload());
  }

  /** What is answered. */
  public static TaskResult answer() {
    return TaskResult.completed(new Part.DataPart(Payload.ofJson(Sample.ANSWER)));
  }

  @Override
  public void close() {
    telemetry.close();
    engine.close();
    identity.close();
    PrivateFiles.deleteAll(folder);
  }
}
