package io.agentweave.bench.call;

/** Takes calls until it is closed. */
interface Server extends AutoCloseable {

  /** As bound. */
  int port();

  @Override
  void close();
}
