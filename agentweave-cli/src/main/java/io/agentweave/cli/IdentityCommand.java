package io.agentweave.cli;

import io.agentweave.identity.IdentitySnapshot;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "identity",
    description = "Shows who this command is to the mesh.",
    mixinStandardHelpOptions = true)
final class IdentityCommand {
  private final Console console;

  IdentityCommand(Console console) {
    this.console = console;
  }

  @Command(
      name = "show",
      description = "Fetches this command's own X.509-SVID and says what it proves. Shows no key.",
      mixinStandardHelpOptions = true)
  int show(@Option(names = "--config", paramLabel = "FILE") @Nullable Path config) {
    try (Session session = Session.open(Optional.ofNullable(config))) {
      IdentitySnapshot snapshot = session.identity();
      Duration left = Duration.between(Instant.now(), snapshot.notAfter());
      X509Certificate leaf = snapshot.certificates().getFirst();
      console.out("SPIFFE ID    " + snapshot.spiffeId());
      console.out("SVID serial  " + snapshot.svidSerial());
      console.out("valid from   " + snapshot.notBefore());
      console.out("valid until  " + snapshot.notAfter() + " (" + left.toSeconds() + " s left)");
      console.out("key          " + leaf.getPublicKey().getAlgorithm());
      console.out("issued by    " + leaf.getIssuerX500Principal().getName());
    }
    return ExitCode.DONE.number();
  }
}
