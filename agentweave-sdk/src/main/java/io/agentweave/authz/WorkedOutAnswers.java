package io.agentweave.authz;

import io.agentweave.authz.GrantsFile.Grants;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers of the embedded rules, for questions that agree in all that the rules can read.
 *
 * <p>The rules are a function of input and grants, with no clock and no network. Where OPA's
 * analysis says that they read nothing but what {@link ReuseKey} holds, two questions with equal
 * keys under the same grants have the same answer, and so have those that a permit says it is the
 * {@linkplain SameFor same for}; it is worked out once. Nobody's permit is used again: each call
 * gets a decision of its own, by the grants of its moment.
 */
final class WorkedOutAnswers {
  /** Equal questions under equal grants have equal answers for ever. */
  private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

  private final boolean known;
  private final KnownAnswers<Answer> answers =
      new KnownAnswers<>(answer -> FOR_EVER, Answer::sameFor, System::nanoTime);

  /**
   * @param manifest what the module's answers depend on; when it does not say, or names more than a
   *     key holds, nothing is remembered
   */
  WorkedOutAnswers(RulesManifest manifest, RulesBytes module) {
    known =
        manifest.describes(module)
            && !manifest.reads().isEmpty()
            && ReuseKey.MEMBERS.containsAll(manifest.reads());
  }

  /** The answer as a new decision, when it was worked out under these grants. */
  Optional<Decision> find(PolicyInput input, Grants grants) {
    if (!known) {
      return Optional.empty();
    }
    Answer answer = answers.find(input, "");
    return answer == null || !grants.equals(answer.grants.get())
        ? Optional.empty()
        : Optional.of(again(answer.decision));
  }

  private static Decision again(Decision decision) {
    String id = DecisionId.next();
    return switch (decision) {
      case Permit permit -> permit.freshAs(id);
      case Denied denied -> new Denied(id, denied.revision(), denied.policyId(), denied.reason());
      case Unavailable unavailable -> throw new AssertionError("never kept");
    };
  }

  void keep(PolicyInput input, Grants grants, Decision decision) {
    if (known && !(decision instanceof Unavailable)) {
      answers.keep(input, "", new Answer(new WeakReference<>(grants), decision));
    }
  }

  /** Grants of before must not stay in memory for what was worked out by them. */
  private record Answer(WeakReference<Grants> grants, Decision decision) {
    @Nullable SameFor sameFor() {
      return decision instanceof Permit permit ? permit.sameFor() : null;
    }
  }
}
