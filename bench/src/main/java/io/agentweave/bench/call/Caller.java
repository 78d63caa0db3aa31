package io.agentweave.bench.call;

/** Makes calls to one server. Safe for use by many threads. */
interface Caller extends AutoCloseable {

  /**
   * Makes one call and waits for its answer.
   *
   * @throws RuntimeException when the answer is not the expected one
   */
  void call();

  @Override
  void close();
}
