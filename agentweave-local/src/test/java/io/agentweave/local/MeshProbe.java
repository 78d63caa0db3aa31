package io.agentweave.local;

import java.nio.file.Path;

/** A mesh of one fake agent in a process of its own, to be interrupted or killed. */
final class MeshProbe {
  private MeshProbe() {}

  /** Prints each step, then {@code ready}. */
  public static void main(String[] args) throws Exception {
    MeshOptions options = Fakes.options(Path.of(args[0]), Fakes.steady("worker"));
    if (args.length > 1) {
      options = options.asThrowAway();
    }
    System.out.println("home " + options.home());
    try (LocalMesh mesh =
        LocalMesh.up(
            options,
            (what, number, of) -> {
              System.out.println("step " + number);
              System.out.flush();
            })) {
      System.out.println("ready");
      System.out.flush();
      mesh.awaitEnd();
    } catch (MeshException failed) {
      System.out.println("failed " + failed.reason() + " " + failed.getMessage());
    }
  }
}
