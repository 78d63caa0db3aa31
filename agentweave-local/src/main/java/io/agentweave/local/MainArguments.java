package io.agentweave.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/** The options of a mesh as {@link Main} takes them. The agents are always the pipeline's. */
final class MainArguments {
  private MainArguments() {}

  static List<String> of(MeshOptions options) {
    return List.of(
        "--home",
        options.home().toString(),
        "--root",
        options.root().toString(),
        "--port-offset",
        options.freePorts() ? "free" : Integer.toString(options.portOffset()),
        "--svid-lifetime",
        options.svidLifetime().toString());
  }

  /** Throws {@link IllegalArgumentException} that names what is wrong. */
  static MeshOptions parse(List<String> arguments) {
    Path root = null;
    Path home = MeshFolder.usual();
    String offset = "0";
    Duration lifetime = null;
    for (Iterator<String> words = arguments.iterator(); words.hasNext(); ) {
      String word = words.next();
      if (!words.hasNext()) {
        throw new IllegalArgumentException(word + " needs a value");
      }
      String value = words.next();
      switch (word) {
        case "--home" -> home = Path.of(value);
        case "--root" -> root = Path.of(value);
        case "--port-offset" -> offset = value;
        case "--svid-lifetime" -> lifetime = Duration.parse(value);
        default -> throw new IllegalArgumentException("unknown option " + word);
      }
    }
    if (root == null) {
      root = MeshOptions.rootFromEnvironment().orElse(null);
    }
    if (root == null) {
      throw new IllegalArgumentException("--root or AGENTWEAVE_ROOT must name the checkout");
    }
    MeshOptions options = MeshOptions.pipeline(root).withHome(home);
    options =
        offset.equals("free")
            ? options.withFreePorts()
            : options.withPortOffset(Integer.parseInt(offset));
    return lifetime == null ? options : options.withSvidLifetime(lifetime);
  }
}
