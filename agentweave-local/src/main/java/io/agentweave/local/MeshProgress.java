package io.agentweave.local;

/** Is told how the start of a mesh goes on. */
@FunctionalInterface
public interface MeshProgress {

  /**
   * A step begins.
   *
   * @param what such as {@code PostgreSQL}
   * @param number from 1
   * @param of how many steps there are
   */
  void step(String what, int number, int of);

  /** Tells nobody. */
  static MeshProgress silent() {
    return (what, number, of) -> {};
  }
}
