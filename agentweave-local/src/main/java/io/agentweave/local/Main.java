package io.agentweave.local;

import java.util.List;

/** The mesh as a process: starts it, and runs until it is told to stop. */
public final class Main {
  private Main() {}

  /** Ends with 0 after a stop, 1 when the mesh can't be started, 2 for wrong arguments. */
  public static void main(String[] args) throws InterruptedException {
    MeshOptions options;
    try {
      options = MainArguments.parse(List.of(args));
    } catch (IllegalArgumentException wrong) {
      System.err.println("mesh: " + wrong.getMessage());
      System.exit(2);
      return;
    }
    try (LocalMesh mesh =
        LocalMesh.up(
            options, (what, number, of) -> System.err.println(MainOutput.step(what, number, of)))) {
      System.err.println(MainOutput.READY);
      mesh.awaitEnd();
    } catch (MeshException failed) {
      System.err.println(MainOutput.failure(failed));
      System.exit(1);
    }
    System.exit(0);
  }
}
