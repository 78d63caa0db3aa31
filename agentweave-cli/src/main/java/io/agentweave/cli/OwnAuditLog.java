package io.agentweave.cli;

import io.agentweave.audit.AuditLog;
import io.agentweave.audit.AuditSettings;
import io.agentweave.audit.AuditSigner;
import io.agentweave.audit.FileAuditLog;
import io.agentweave.identity.IdentitySource;
import java.io.IOException;
import java.nio.file.Path;

/**
 * This command's audit log. A log has one writer, and commands run side by side: each takes the
 * first of a few logs that nobody writes.
 */
final class OwnAuditLog {
  private static final int LOGS = 64;

  private OwnAuditLog() {}

  static AuditLog open(Path dataDirectory, IdentitySource identity) {
    IOException last = new IOException("none tried");
    for (int i = 0; i < LOGS; i++) {
      Path directory = dataDirectory.resolve("audit").resolve(Integer.toString(i));
      AuditSettings settings = AuditSettings.of(directory, identity.current().spiffeId());
      try {
        return FileAuditLog.open(settings, AuditSigner.with(identity));
      } catch (IOException e) {
        last = e;
      }
    }
    throw new Failure(
        ExitCode.REFUSED, "no audit log can be written in " + dataDirectory + ": " + last, last);
  }
}
