package io.agentweave.local.postgres;

import java.nio.file.Path;
import java.util.Optional;

/** Where things are kept that can be had again. */
final class Caches {
  private Caches() {}

  /** {@code $XDG_CACHE_HOME/agentweave}, or {@code ~/.cache/agentweave}. */
  static Path folder() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(value -> value.startsWith("/"))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("agentweave");
  }
}
