package io.agentweave.authz;

import java.util.Optional;

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
   * Decides, unless the policy is still the one that an earlier permit came from: then nothing is
   * decided, and that permit may be used again. Whoever wraps an engine passes this on to it.
   *
   * @param earlier the revision of the permit; an empty one never stands
   */
  default Optional<Decision> decideUnlessStill(String earlier, PolicyInput input) {
    return !earlier.isEmpty() && earlier.equals(revision())
        ? Optional.empty()
        : Optional.of(decide(input));
  }

  /**
   * Which policy would answer now: changes when rules or grants change. Empty when the engine does
   * not say, and then no permit may be reused.
   */
  String revision();

  @Override
  void close();
}
