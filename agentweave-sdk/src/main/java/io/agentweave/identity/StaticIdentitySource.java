package io.agentweave.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An identity from PEM files, for development without a Workload API. Looks at the files at a fixed
 * interval; a set of files that does not fit together changes nothing until it does.
 */
final class StaticIdentitySource implements IdentitySource {
  private final PemFiles files;
  private final Optional<SpiffeId> expected;
  private final Duration interval;
  private final CurrentSnapshot current;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile String problem = "";

  private StaticIdentitySource(
      PemFiles files, Optional<SpiffeId> expected, Duration interval, CurrentSnapshot current) {
    this.files = files;
    this.expected = expected;
    this.interval = interval;
    this.current = current;
  }

  static StaticIdentitySource open(
      PemFiles files,
      Optional<SpiffeId> expected,
      Set<TrustDomain> allowed,
      Duration interval,
      InstantSource clock) {
    List<String> seen = marks(files);
    SvidMaterial first;
    try {
      first = read(files, expected);
    } catch (IOException | GeneralSecurityException e) {
      throw new IdentityUnavailableException(
          "No identity from the PEM files of identity.static: " + words(e), e);
    }
    CurrentSnapshot current = new CurrentSnapshot(first, allowed, clock);
    current
        .get()
        .unusableBecause()
        .ifPresent(
            reason -> {
              throw new IdentityUnavailableException(
                  "No identity from " + files.certificate() + ": " + reason);
            });
    StaticIdentitySource source = new StaticIdentitySource(files, expected, interval, current);
    Thread.ofPlatform().daemon().name("agentweave-identity-files").start(() -> source.watch(seen));
    return source;
  }

  private static SvidMaterial read(PemFiles files, Optional<SpiffeId> expected)
      throws IOException, GeneralSecurityException {
    SvidMaterial material = PemMaterial.read(files);
    if (expected.isPresent() && !expected.get().equals(material.spiffeId())) {
      throw new GeneralSecurityException(
          files.certificate()
              + " is the SVID of "
              + material.spiffeId()
              + ", but this agent is "
              + expected.get());
    }
    return material;
  }

  private void watch(List<String> firstSeen) {
    List<String> seen = firstSeen;
    try {
      while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        List<String> now = marks(files);
        if (!now.equals(seen) || !problem.isEmpty()) {
          reread();
          seen = now;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void reread() {
    try {
      current.renew(read(files, expected));
      problem = "";
    } catch (IOException | GeneralSecurityException e) {
      problem = "the PEM files changed and cannot be used: " + words(e);
    }
  }

  /** What tells one version of the files from the next; a file that is not there has one too. */
  private static List<String> marks(PemFiles files) {
    List<String> marks = new ArrayList<>();
    for (Path file : List.of(files.certificate(), files.key(), files.bundle())) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        marks.add(now.lastModifiedTime() + " " + now.size() + " " + now.fileKey());
      } catch (IOException e) {
        marks.add(words(e));
      }
    }
    return marks;
  }

  private static String words(Exception e) {
    return e instanceof NoSuchFileException missing
        ? missing.getFile() + " does not exist"
        : e instanceof IOException ? e.toString() : String.valueOf(e.getMessage());
  }

  @Override
  public IdentitySnapshot current() {
    return current.get();
  }

  @Override
  public IdentityHealth health() {
    return current.health(problem);
  }

  @Override
  public Subscription onChange(Consumer<IdentitySnapshot> listener) {
    return current.onChange(listener);
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
