package io.agentweave.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@link Main} prints, and how its starter understands it. */
final class MainOutput {
  static final String READY = "mesh: ready";

  private static final Pattern STEP = Pattern.compile("mesh: step (\\d+)/(\\d+) (.+)");
  private static final Pattern FAILED = Pattern.compile("mesh: failed ([A-Z_]+) (.+)");

  private MainOutput() {}

  /** One step of a start. */
  record Step(String what, int number, int of) {
    void tell(MeshProgress progress) {
      progress.step(what, number, of);
    }
  }

  static String step(String what, int number, int of) {
    return "mesh: step " + number + "/" + of + " " + what;
  }

  static Optional<Step> step(String line) {
    Matcher matcher = STEP.matcher(line);
    return matcher.matches()
        ? Optional.of(
            new Step(
                matcher.group(3),
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  static String failure(MeshException failed) {
    return "mesh: failed "
        + failed.reason()
        + " "
        + String.valueOf(failed.getMessage()).replace('\n', ' ');
  }

  static MeshException failure(List<String> lines, Path log) {
    for (String line : lines.reversed()) {
      Matcher matcher = FAILED.matcher(line);
      if (matcher.matches()) {
        return new MeshException(MeshException.Reason.valueOf(matcher.group(1)), matcher.group(2));
      }
    }
    return new MeshException(
        MeshException.Reason.START_FAILED,
        "the mesh's process ended while it was starting; see " + log);
  }
}
