package io.agentweave.cli;

import io.agentweave.audit.AuditVerification;
import io.agentweave.audit.AuditVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Checks the hash chain and the signed checkpoints of audit logs, and names the first record",
      "that was changed, removed, added or moved."
    },
    mixinStandardHelpOptions = true)
final class AuditVerifyCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description = "audit folders or files; default: those of all agents of the local mesh")
  private List<Path> paths = new ArrayList<>();

  AuditVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Path> logs = paths.isEmpty() ? Meshes.auditFolders() : paths;
    boolean intact = true;
    for (Path log : logs) {
      intact &= verify(log);
    }
    return (intact ? ExitCode.DONE : ExitCode.FAILED).number();
  }

  private boolean verify(Path log) {
    if (!Files.exists(log)) {
      throw new Failure(ExitCode.USAGE, "there is no audit log at " + log);
    }
    try {
      return switch (AuditVerifier.selfContained().verify(log)) {
        case AuditVerification.Intact result -> {
          console.out(
              console.paintOut(Console.Colour.GREEN, "intact ")
                  + (log + ": " + result.records() + " records in " + result.files() + " files")
                  + (", signed up to record " + result.signedUpTo())
                  + (", last hash " + result.lastHash()));
          yield true;
        }
        case AuditVerification.Broken(var file, var line, var sequence, var what) -> {
          console.out(
              console.paintOut(Console.Colour.RED, "broken ")
                  + (log + ": " + file + " line " + line + ", record " + sequence + ": " + what));
          yield false;
        }
      };
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "the audit log " + log + " can't be read: " + e, e);
    }
  }
}
