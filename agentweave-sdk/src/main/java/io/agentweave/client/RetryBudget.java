package io.agentweave.client;

/**
 * Keeps retries from becoming the load that makes them necessary: a tenth of the calls, and a few
 * more for targets that are called seldom. Safe for use by many threads.
 */
final class RetryBudget {
  private static final double PER_CALL = 0.1;
  private static final double AT_START = 10;
  private static final double AT_MOST = 100;

  private double retries = AT_START;

  /** A call is made. */
  synchronized void earn() {
    retries = Math.min(AT_MOST, retries + PER_CALL);
  }

  /** Pays for one retry; false when there is nothing left to pay with. */
  synchronized boolean spend() {
    if (retries < 1) {
      return false;
    }
    retries -= 1;
    return true;
  }
}
