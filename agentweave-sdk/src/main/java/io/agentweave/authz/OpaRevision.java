package io.agentweave.authz;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the revision that OPA answers by. An answer tells it to whoever came less than
 * {@link #KNOWN_FOR} after it was asked for; those who come while it is on its way wait for it, so
 * that however many they are and however slow OPA is, one asks for all. Times are those of the
 * engine's clock. Safe for use by many threads.
 */
final class OpaRevision {
  static final Duration KNOWN_FOR = Duration.ofMillis(50);

  private final LongSupplier nanoTime;
  private final AtomicReference<Seen> latest;
  private final AtomicReference<@Nullable Question> underWay = new AtomicReference<>();

  OpaRevision(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    latest = new AtomicReference<>(new Seen("", nanoTime.getAsLong() - KNOWN_FOR.toNanos()));
  }

  /** That of the latest answer, while it may be used; else empty. */
  String known() {
    Seen seen = latest.get();
    return seen.isFor(nanoTime.getAsLong()) ? seen.revision : "";
  }

  /** Takes note of an answer that was asked for at some time. */
  void answered(String revision, long askedAt) {
    latest.accumulateAndGet(
        new Seen(revision, askedAt), (a, b) -> a.askedAt - b.askedAt > 0 ? a : b);
  }

  /**
   * What whoever comes now has to do: use the revision it is told, or ask. When somebody else asks
   * already, waits for that answer, but not longer than {@code patience}.
   *
   * @param asking asks OPA and {@linkplain #answered takes note}; called in this thread, if at all
   */
  Told toldOr(Supplier<Decision> asking, Duration patience) {
    long cameAt = nanoTime.getAsLong();
    long since = System.nanoTime();
    while (true) {
      Seen seen = latest.get();
      if (seen.isFor(cameAt)) {
        return new Told.Revision(seen.revision);
      }
      Question others = underWay.get();
      if (others == null || !others.isFor(cameAt)) {
        var own = new Question(cameAt);
        if (underWay.compareAndSet(others, own)) {
          return new Told.Answer(own.ask(asking));
        }
        continue;
      }
      Optional<String> answer = others.await(patience.minusNanos(System.nanoTime() - since));
      if (answer.isPresent()) {
        return new Told.Revision(answer.get());
      }
      if (!others.isGivenUp()) {
        return new Told.Revision("");
      }
    }
  }

  /** What somebody who came was told. */
  sealed interface Told {
    /** Somebody's answer was of this revision; empty when nobody knows. */
    record Revision(String revision) implements Told {}

    /** Nobody knew, so it was asked. */
    record Answer(Decision decision) implements Told {}
  }

  private static boolean tells(long askedAt, long cameAt) {
    return cameAt - askedAt < KNOWN_FOR.toNanos();
  }

  private record Seen(String revision, long askedAt) {
    boolean isFor(long cameAt) {
      return tells(askedAt, cameAt);
    }
  }

  /** One that somebody asks for all who come soon after. */
  private static final class Question {
    private final long askedAt;
    private final CompletableFuture<Optional<String>> answer = new CompletableFuture<>();

    Question(long askedAt) {
      this.askedAt = askedAt;
    }

    boolean isFor(long cameAt) {
      return tells(askedAt, cameAt) && !isGivenUp();
    }

    /** Whether it ended without OPA's doing, as when the call that asked was cancelled. */
    boolean isGivenUp() {
      return answer.isDone() && answer.join().isEmpty();
    }

    Decision ask(Supplier<Decision> asking) {
      Optional<String> revision = Optional.empty();
      try {
        Decision decision = asking.get();
        if (!(decision instanceof Unavailable none) || !none.fault().equals(OpaFault.INTERRUPTED)) {
          revision = Optional.of(decision.revision());
        }
        return decision;
      } finally {
        answer.complete(revision);
      }
    }

    /** Empty when it was given up, or did not come in time. */
    Optional<String> await(Duration patience) {
      try {
        return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      } catch (TimeoutException | ExecutionException e) {
        return Optional.empty();
      }
    }
  }
}
