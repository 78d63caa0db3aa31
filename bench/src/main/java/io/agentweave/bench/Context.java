package io.agentweave.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a measurement is given.
 *
 * @param root the checkout
 * @param folder for its own files; short, so that sockets fit into it
 * @param opa OPA's binary; null where there is none
 * @param size how long it may take
 * @param million whether the pipeline also gets a million events
 * @param variants of calls, only these; all when empty
 * @param profiles where profiles go; null where none are wanted
 */
public record Context(
    Path root,
    Path folder,
    @Nullable Path opa,
    Size size,
    boolean million,
    Set<String> variants,
    @Nullable Path profiles,
    PrintStream progress,
    Results results) {

  /** How long measurements take. */
  public enum Size {
    /** Only whether they work. */
    SMOKE,
    /** A first impression. */
    QUICK,
    /** What is published. */
    FULL
  }

  /** One of three values, by size. */
  public <T> T bySize(T smoke, T quick, T full) {
    return switch (size) {
      case SMOKE -> smoke;
      case QUICK -> quick;
      case FULL -> full;
    };
  }
}
