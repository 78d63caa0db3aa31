package io.agentweave.authz;

/** What happens to a call that policy does not permit. */
public enum Enforcement {
  /** It is refused. */
  DENY,

  /**
   * It goes on under a {@linkplain Permit#shadow() shadow permit} that carries the refusal. Never
   * in production, where it is refused all the same; and never past a peer requirement.
   */
  LOG_ONLY
}
