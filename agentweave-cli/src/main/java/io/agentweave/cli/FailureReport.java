package io.agentweave.cli;

import io.agentweave.local.MeshException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command threw into one line and an exit code. */
final class FailureReport implements IExecutionExceptionHandler {
  private final Console console;

  FailureReport(Console console) {
    this.console = console;
  }

  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) {
    Exception known = exception instanceof MeshException mesh ? Meshes.failure(mesh) : exception;
    if (known instanceof Failure failure) {
      console.fail(String.valueOf(failure.getMessage()));
      return failure.code().number();
    }
    console.fail("unexpected: " + exception + " (set AGENTWEAVE_DEBUG=1 for the stack)");
    if (System.getenv("AGENTWEAVE_DEBUG") != null) {
      exception.printStackTrace();
    }
    return ExitCode.FAILED.number();
  }
}
