package io.agentweave.cli;

import io.agentweave.identity.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all commands share which talk to an agent. */
final class CallOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the mesh to talk to; default: the local one")
  private @Nullable Path config;

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "where to connect, instead of where discovery says")
  private @Nullable String address;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "for everything together; default: ${DEFAULT-VALUE}")
  private double timeoutSeconds;

  Optional<Path> config() {
    return Optional.ofNullable(config);
  }

  Optional<String> address() {
    return Optional.ofNullable(address);
  }

  Duration timeout() {
    if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400)) {
      throw new Failure(ExitCode.USAGE, "--timeout must be more than 0 and at most 86400 seconds");
    }
    return Duration.ofNanos((long) (timeoutSeconds * 1e9));
  }

  /** Reads a SPIFFE ID; a bare name stands for that agent of the local mesh. */
  static SpiffeId target(String text) {
    return id("--target", text);
  }

  /** The same for another option. */
  static SpiffeId id(String option, String text) {
    String id = text.matches("[a-z][a-z0-9-]*") ? "spiffe://agentweave.io/agent/" + text : text;
    try {
      return SpiffeId.parse(id);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, option + ": " + e.getMessage(), e);
    }
  }
}
