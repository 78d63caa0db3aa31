package io.agentweave.server;

import java.io.IOException;

/** The door for Jazzer, which finds it by name; see {@code build/fuzz}. */
public final class Fuzzed {
  private static final FuzzTarget TARGET = FuzzTarget.chosen();

  private Fuzzed() {}

  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    TARGET.read(bytes);
  }
}
