package io.agentweave.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What an attacker without the key can do at best: change lines and compute every hash anew. */
final class Forgery {
  private Forgery() {}

  static void rechain(Path directory, UnaryOperator<String> change) throws IOException {
    String previous = ChainLink.origin(Events.AGENT.toString()).hash();
    for (AuditFile file : AuditFile.list(directory)) {
      List<String> forged = new ArrayList<>();
      for (String line : Files.readAllLines(file.path())) {
        String body = change.apply(line).replaceFirst(",\"prev\":\".*", "");
        body += ",\"prev\":\"" + previous + "\"";
        previous =
            HexFormat.of()
                .formatHex(RecordLine.sha256().digest(body.getBytes(StandardCharsets.UTF_8)));
        forged.add(body + ",\"hash\":\"" + previous + "\"}");
      }
      Files.write(file.path(), forged);
    }
    Head head = Optional.ofNullable(Head.read(directory).orElse(null)).orElseThrow();
    new Head(head.agent(), head.sequence(), previous, head.file(), head.end(), head.pending())
        .write(io.agentweave.journal.Disk.local(), directory);
  }
}
