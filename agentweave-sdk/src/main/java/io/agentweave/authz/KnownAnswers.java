package io.agentweave.authz;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What was answered, by question. An answer is found for a question with an equal {@link ReuseKey},
 * and for those that the answer itself says it is the {@linkplain SameFor same for}. Safe for use
 * by several threads.
 *
 * @param <A> an answer and whatever it is kept with
 */
final class KnownAnswers<A> {
  private static final int MAX_ANSWERS = 10_000;

  private final Function<A, @Nullable SameFor> sameFor;
  private final Cache<ReuseKey, Kept<A>> answers;

  /**
   * @param lifetime how long an answer is known
   * @param sameFor what an answer says of itself; null for nothing
   */
  KnownAnswers(
      Function<A, Duration> lifetime,
      Function<A, @Nullable SameFor> sameFor,
      LongSupplier nanoTime) {
    this.sameFor = sameFor;
    answers =
        Caffeine.newBuilder()
            .maximumSize(MAX_ANSWERS)
            .expireAfter(
                Expiry.<ReuseKey, Kept<A>>writing((key, kept) -> lifetime.apply(kept.answer)))
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** The answer to a question, when it is known. */
  @Nullable A find(PolicyInput input, String peerSvidSerial) {
    if (answers.estimatedSize() == 0) {
      return null;
    }
    Kept<A> like = answers.getIfPresent(ReuseKey.ofAnySizeAndTime(input, peerSvidSerial));
    if (like != null && like.isFor(input)) {
      return like.answer;
    }
    Kept<A> same = answers.getIfPresent(ReuseKey.of(input, peerSvidSerial));
    return same == null ? null : same.answer;
  }

  /** Of those that are the same for others, the latest is the one that others find. */
  void keep(PolicyInput input, String peerSvidSerial, A answer) {
    SameFor others = sameFor.apply(answer);
    var kept = new Kept<>(answer, others, ReuseKey.hourOfWeek(input));
    answers.put(ReuseKey.of(input, peerSvidSerial), kept);
    if (others != null) {
      answers.put(ReuseKey.ofAnySizeAndTime(input, peerSvidSerial), kept);
    }
  }

  /** Whatever is known of a question, and of all that are like it. */
  void forget(PolicyInput input, String peerSvidSerial) {
    answers.invalidate(ReuseKey.of(input, peerSvidSerial));
    answers.invalidate(ReuseKey.ofAnySizeAndTime(input, peerSvidSerial));
  }

  private record Kept<A>(A answer, @Nullable SameFor others, int hourOfWeek) {
    boolean isFor(PolicyInput input) {
      return others != null && others.covers(input, hourOfWeek);
    }
  }
}
