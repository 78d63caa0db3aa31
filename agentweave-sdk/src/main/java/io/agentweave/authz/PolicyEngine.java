package io.agentweave.authz;

/**
 * The policy decision point, wherever it runs. Implementations are safe for use by many threads,
 * answer within their own timeout, and never throw: what they can't decide is {@link Unavailable}.
 */
public interface PolicyEngine extends AutoCloseable {

  /**
   * Decides by the policy as it is now, under an id of its own. An answer may have been worked out
   * before only where nothing that it can depend on differs. May block, so not for event-loop
   * threads.
   */
  Decision decide(PolicyInput input);

  /**
   * Which policy would answer now: changes when rules or grants change. Empty when the engine does
   * not say, and then no permit may be reused.
   */
  String revision();

  @Override
  void close();
}
