package io.agentweave.authz;

import java.time.Duration;
import java.util.Optional;
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
  private final @Nullable SameFor sameFor;
  private final boolean reused;
  private final @Nullable Decision overruled;

  /** A fresh permit from policy, which says of no other question that it would permit it. */
  Permit(
      String id,
      String revision,
      String policyId,
      @Nullable String rateClass,
      Duration reusableFor) {
    this(id, revision, policyId, rateClass, reusableFor, null);
  }

  /** A fresh permit from policy. */
  Permit(
      String id,
      String revision,
      String policyId,
      @Nullable String rateClass,
      Duration reusableFor,
      @Nullable SameFor sameFor) {
    this(id, revision, policyId, rateClass, reusableFor, sameFor, false, null);
  }

  private Permit(
      String id,
      String revision,
      String policyId,
      @Nullable String rateClass,
      Duration reusableFor,
      @Nullable SameFor sameFor,
      boolean reused,
      @Nullable Decision overruled) {
    this.id = id;
    this.revision = revision;
    this.policyId = policyId;
    this.rateClass = rateClass;
    this.reusableFor = reusableFor;
    this.sameFor = sameFor;
    this.reused = reused;
    this.overruled = overruled;
  }

  /** The same permit, used once more under another id. */
  Permit reusedAs(String newId) {
    return new Permit(newId, revision, policyId, rateClass, reusableFor, sameFor, true, null);
  }

  /** The permit of another call on the same terms. */
  Permit freshAs(String newId) {
    return new Permit(newId, revision, policyId, rateClass, reusableFor, sameFor, false, null);
  }

  /** A shadow permit, which keeps the id of the refusal. Only log-only mode makes one. */
  static Permit inSpiteOf(Decision refusal) {
    String policyId = refusal instanceof Denied denied ? denied.policyId() : "";
    return new Permit(
        refusal.id(), refusal.revision(), policyId, null, Duration.ZERO, null, false, refusal);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String revision() {
    return revision;
  }

  @Override
  public String reason() {
    return overruled == null ? "granted" : overruled.reason();
  }

  /** The grant or rule that allowed it; empty when the policy only said true. */
  @Override
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

  /** The questions that this permit would be the answer to as well; null for no other. */
  @Nullable SameFor sameFor() {
    return sameFor;
  }

  @Override
  public boolean reused() {
    return reused;
  }

  @Override
  public boolean shadow() {
    return overruled != null;
  }

  /** The refusal that a shadow permit stands for; empty when policy permitted. */
  public Optional<Decision> overruled() {
    return Optional.ofNullable(overruled);
  }

  @Override
  public String toString() {
    return (shadow() ? "ShadowPermit[" : "Permit[") + id + " by " + policyId + "]";
  }
}
