package io.agentweave.agent;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds out which configuration file a service shall run with. */
sealed interface CommandLine {

  record Run(Path config) implements CommandLine {}

  /** Not a command line of a service; this is what to say. */
  record Wrong(String message) implements CommandLine {}

  String VARIABLE = "AGENTWEAVE_CONFIG";
  String OPTION = "--config";

  static CommandLine read(String[] args, Map<String, String> env) {
    Optional<String> named = Optional.empty();
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(OPTION + "=")) {
        named = Optional.of(args[i].substring(OPTION.length() + 1));
      } else if (args[i].equals(OPTION) && i + 1 < args.length) {
        named = Optional.of(args[++i]);
      } else {
        return new Wrong("usage: [--config FILE], or " + VARIABLE + "=FILE, or ./agentweave.yaml");
      }
    }
    String file =
        named
            .or(() -> Optional.ofNullable(env.get(VARIABLE)))
            .filter(name -> !name.isEmpty())
            .orElse("agentweave.yaml");
    return new Run(Path.of(file));
  }
}
