package io.agentweave.authz;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Proof that policy allowed one call. Only this package makes one; the dispatcher asks for it, so
 * that an unauthorised call does not compile.
 */
public final class Permit implements Decision {
  private final String id;
  private final String revision;
  private final String policyId;
  private final @Nullable String rateClass;
  private final Duration reusableFor;
  private final boolean reused;

  Permit(
      String id,
      String revision,
      String policyId,
      @Nullable String rateClass,
      Duration reusableFor,
      boolean reused) {
    this.id = id;
    this.revision = revision;
    this.policyId = policyId;
    this.rateClass = rateClass;
    this.reusableFor = reusableFor;
    this.reused = reused;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String revision() {
    return revision;
  }

  /** The grant or rule that allowed it; empty when the policy only said true. */
  public String policyId() {
    return policyId;
  }

  /** The rate class that the policy put the caller in, if it did. */
  public @Nullable String rateClass() {
    return rateClass;
  }

  /** How long the policy lets this answer be used again; zero unless it said so itself. */
  public Duration reusableFor() {
    return reusableFor;
  }

  /** Whether this is an earlier answer used again. */
  public boolean reused() {
    return reused;
  }

  @Override
  public String toString() {
    return "Permit[" + id + " by " + policyId + "]";
  }
}
