package io.agentweave.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code grants.json}, followed while it changes: looked at when asked, at most every {@link
 * #CHECKED_EVERY}.
 *
 * <p>A file that is gone, half-written or no JSON object is {@link Unreadable} until it is whole
 * again; the grants before it no longer count, because the change may have withdrawn one.
 */
final class GrantsFile {
  static final Duration CHECKED_EVERY = Duration.ofMillis(50);

  /** How long a decision waits for a disk that does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int MAX_BYTES = 16 << 20;

  /** What can't stay the same when a file changes: nobody can set the time of its last change. */
  private static final String STAMP = "unix:ctime,lastModifiedTime,size,ino,dev";

  /** File times are coarse: what was written shortly before it was read may be written again. */
  private static final Duration UNSETTLED_FOR = Duration.ofSeconds(2);

  private final Path file;
  private final Reading reading;
  private final RulesBytes module;
  private final LongSupplier nanoTime;
  private final ReentrantLock checking = new ReentrantLock();
  private volatile State state = new Unreadable("not yet read");
  private volatile long checkedAt;
  private @Nullable Map<String, Object> stamp;

  GrantsFile(Path file, RulesBytes module, LongSupplier nanoTime) {
    this(file, module, nanoTime, PlainFile::read);
  }

  GrantsFile(Path file, RulesBytes module, LongSupplier nanoTime, Reading reading) {
    this.file = file;
    this.reading = reading;
    this.nanoTime = nanoTime;
    this.module = module;
    check();
  }

  /**
   * The grants as they are now. Who comes while somebody looks waits for what he finds: the grants
   * from before may hold one that has been withdrawn.
   */
  State current() {
    if (!isDue()) {
      return state;
    }
    try {
      if (!checking.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        return new Unreadable("not looked through within " + PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Unreadable("interrupted while waiting for them");
    }
    try {
      if (isDue()) {
        check();
      }
      return state;
    } finally {
      checking.unlock();
    }
  }

  private boolean isDue() {
    return nanoTime.getAsLong() - checkedAt >= CHECKED_EVERY.toNanos();
  }

  private void check() {
    try {
      Map<String, Object> now = Files.readAttributes(file, STAMP);
      if (!now.equals(stamp)) {
        read();
        FileTime changed = (FileTime) Objects.requireNonNull(now.get("ctime"));
        Instant settled = Instant.now().minus(UNSETTLED_FOR);
        stamp = changed.toInstant().isBefore(settled) ? now : null;
      }
    } catch (IOException e) {
      stamp = null;
      state = new Unreadable(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
    checkedAt = nanoTime.getAsLong();
  }

  private void read() throws IOException {
    byte[] json = reading.read(file, MAX_BYTES);
    String revision = module.revisionWith(json);
    if (state instanceof Grants known && known.revision.equals(revision)) {
      return;
    }
    JsonNode tree = PolicyAnswer.parse(json);
    state =
        tree != null && tree.isObject()
            ? new Grants(new String(json, StandardCharsets.UTF_8), revision)
            : new Unreadable("not a JSON object, or a key in it comes twice");
  }

  /** Reads a whole file of at most so many bytes. */
  @FunctionalInterface
  interface Reading {
    byte[] read(Path file, int mostBytes) throws IOException;
  }

  /** What the file holds. */
  sealed interface State {}

  /**
   * Whole grants.
   *
   * @param json the document for {@code data}
   * @param revision short hash over the rules' module and the grants
   */
  record Grants(String json, String revision) implements State {}

  /** No grants to decide by. */
  record Unreadable(String why) implements State {}
}
