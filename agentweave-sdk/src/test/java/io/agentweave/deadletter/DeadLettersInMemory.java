package io.agentweave.deadletter;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** A dead-letter queue for tests: forgets everything with its process, and fails on demand. */
public final class DeadLettersInMemory implements DeadLetterQueue {
  private final TreeMap<String, DeadLetter> letters = new TreeMap<>();
  private boolean broken;

  public synchronized void broken(boolean now) {
    broken = now;
  }

  @Override
  public synchronized void addAll(List<DeadLetter> added) {
    check();
    for (DeadLetter letter : added) {
      if (letters.putIfAbsent(letter.id(), letter) != null) {
        throw new IllegalArgumentException("letter " + letter.id() + " was added before");
      }
    }
  }

  @Override
  public synchronized List<DeadLetter> list(Optional<DeadLetter.Status> status, int limit) {
    check();
    return letters.values().stream()
        .filter(letter -> status.isEmpty() || letter.status() == status.get())
        .sorted(Comparator.comparing(DeadLetter::id).reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<ListedLetter> page(
      Optional<DeadLetter.Status> status, Optional<String> before, int limit) {
    return FillingPage.of(
        list(status, Integer.MAX_VALUE).stream()
            .filter(letter -> before.isEmpty() || letter.id().compareTo(before.get()) < 0)
            .map(letter -> new ListedLetter(letter, letter.content().size())),
        limit);
  }

  @Override
  public synchronized Optional<DeadLetter> find(String id) {
    check();
    return Optional.ofNullable(letters.get(id));
  }

  @Override
  public synchronized boolean settle(String id, DeadLetter.Status status) {
    check();
    DeadLetter letter = letters.get(id);
    if (letter == null || letter.status() != DeadLetter.Status.OPEN) {
      return false;
    }
    letters.put(id, changed(letter, status, letter.attempts(), letter.reason(), letter.detail()));
    return true;
  }

  @Override
  public synchronized void failedAgain(String id, String reason, String detail) {
    check();
    DeadLetter letter = letters.get(id);
    if (letter != null && letter.status() == DeadLetter.Status.OPEN) {
      letters.put(id, changed(letter, letter.status(), letter.attempts() + 1, reason, detail));
    }
  }

  @Override
  public synchronized long open() {
    check();
    return letters.values().stream().filter(l -> l.status() == DeadLetter.Status.OPEN).count();
  }

  @Override
  public void close() {}

  private void check() {
    if (broken) {
      throw new DeadLetterException("the test's disk is full", new java.io.IOException("full"));
    }
  }

  private static DeadLetter changed(
      DeadLetter letter, DeadLetter.Status status, int attempts, String reason, String detail) {
    return new DeadLetter(
        letter.id(),
        letter.content(),
        letter.contentSha256(),
        letter.stage(),
        reason,
        detail,
        letter.origin(),
        attempts,
        letter.firstFailedAt(),
        Instant.now(),
        status);
  }
}
