package io.agentweave.cli;

import io.agentweave.authz.Decision;
import io.agentweave.authz.Denied;
import io.agentweave.authz.Permit;
import io.agentweave.authz.PolicyEngine;
import io.agentweave.authz.PolicyInput;
import io.agentweave.authz.Unavailable;
import io.agentweave.call.Call;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "authz",
    description = "Asks the policy without making a call.",
    mixinStandardHelpOptions = true)
final class AuthzCommand {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The most that any agent can be configured to take. */
  private static final int MAX_PAYLOAD_BYTES = 64 << 20;

  private final Console console;

  AuthzCommand(Console console) {
    this.console = console;
  }

  @Command(
      name = "check",
      description = "Says what the policy would decide, and why. Exit code 0 permit, 3 otherwise.",
      mixinStandardHelpOptions = true)
  int check(
      @Option(names = "--caller", required = true, paramLabel = "ID") String caller,
      @Option(names = "--callee", required = true, paramLabel = "ID") String callee,
      @Option(names = "--action", required = true, paramLabel = "NAME") String action,
      @Option(
              names = "--direction",
              defaultValue = "inbound",
              paramLabel = "inbound|outbound",
              description = "whose side decides; default: ${DEFAULT-VALUE}")
          Direction direction,
      @Option(names = "--payload-size", defaultValue = "2", paramLabel = "BYTES") int payloadSize,
      @Option(names = "--environment", defaultValue = "development", paramLabel = "NAME")
          String environment,
      @Option(
              names = "--policy-path",
              defaultValue = "agentweave/authz",
              paramLabel = "PATH",
              description = "default: ${DEFAULT-VALUE}")
          String policyPath,
      @Option(names = "--config", paramLabel = "FILE") @Nullable Path config) {
    if (payloadSize < 0 || payloadSize > MAX_PAYLOAD_BYTES) {
      throw new Failure(ExitCode.USAGE, "--payload-size must be 0 to " + MAX_PAYLOAD_BYTES);
    }
    Call call =
        new Call(
            UUID.randomUUID().toString(),
            direction,
            "SendMessage",
            action,
            null,
            Payload.ofJson(new byte[payloadSize]),
            Deadline.in(TIMEOUT));
    PolicyInput input =
        new PolicyInput(
            call,
            CallOptions.id("--caller", caller),
            CallOptions.id("--callee", callee),
            environment,
            Instant.now());
    try (PolicyEngine engine = Session.policyEngine(Optional.ofNullable(config), policyPath)) {
      Decision decision = engine.decide(input);
      console.out(
          switch (decision) {
            case Permit permit ->
                console.paintOut(Console.Colour.GREEN, "permit")
                    + (" by " + permit.policyId() + ", policy revision " + permit.revision());
            case Denied denied ->
                console.paintOut(Console.Colour.RED, "denied")
                    + (": " + denied.reason() + " by " + denied.policyId())
                    + (", policy revision " + denied.revision());
            case Unavailable(var id, var fault, var detail) ->
                console.paintOut(Console.Colour.RED, "unavailable") + ": " + fault + ": " + detail;
          });
      return (decision instanceof Permit ? ExitCode.DONE : ExitCode.REFUSED).number();
    }
  }
}
