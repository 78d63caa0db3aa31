package io.agentweave.pipeline.processor;

import java.util.Optional;

/**
 * A user, as far as the directory knows.
 *
 * @param name empty when the directory does not say or does not know the user
 * @param tier what the user pays for
 * @param isTest whether it is one of our own, for trying things out
 */
record User(Optional<String> name, String tier, boolean isTest) {

  /** Somebody the directory does not know. */
  static final User UNKNOWN = new User(Optional.empty(), "free", false);
}
