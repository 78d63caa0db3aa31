package io.agentweave.audit;

import io.agentweave.audit.AuditReceipt.Unwritable;
import io.agentweave.audit.AuditReceipt.Written;
import io.agentweave.journal.DirectoryLock;
import io.agentweave.journal.Disk;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log as files of JSON lines in a directory of its own, {@code audit-<first
 * sequence>.jsonl}, one record a line, each holding the hash of the one before.
 *
 * <p>Beside them lie {@code pending} (what was recorded and is not in a file yet), {@code HEAD}
 * (how far the log had come at the last checkpoint), {@code lock}, and {@code torn-*.bin} with
 * whatever a crash had cut off. A thread of the log appends to the file, forces it to the disk,
 * signs checkpoints, and tries again after a fault, so that the log recovers by itself.
 */
public final class FileAuditLog implements AuditLog {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileAuditLog.class);

  private final AuditSettings settings;
  private final Disk disk;
  private final CheckpointSigner signer;
  private final InstantSource clock;
  private final DirectoryLock directoryLock;
  private final ChainFile chain;
  private final Backlog backlog;
  private final AuditKeeper keeper;
  private final @Nullable LineCopy copy;

  /** Held while lines are appended to the file; never waited for by who holds {@link #lock}. */
  private final ReentrantLock appending = new ReentrantLock();

  /** Held while a record is written to the backlog, and for everything below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Faults faults;
  private boolean closed;
  private volatile long checkpointed;

  private FileAuditLog(
      AuditSettings settings,
      AuditSigner signer,
      Disk disk,
      InstantSource clock,
      DirectoryLock directoryLock,
      ChainTail tail) {
    String agent = settings.agent().toString();
    this.settings = settings;
    this.disk = disk;
    this.signer = new CheckpointSigner(signer, agent);
    this.clock = clock;
    this.faults = new Faults(clock);
    this.directoryLock = directoryLock;
    this.chain = new ChainFile(disk, settings, tail);
    this.backlog = new Backlog(new RecordWriter(agent, tail.link()));
    this.checkpointed = tail.signed();
    this.copy = settings.copy().map(stream -> new LineCopy(stream, chain::appended)).orElse(null);
    this.keeper = new AuditKeeper(this, settings);
  }

  /**
   * Opens the directory and goes on with its chain, or begins one.
   *
   * @throws IOException when another process writes there, when the directory belongs to another
   *     agent or can't be read, or when forced records are gone
   */
  public static FileAuditLog open(AuditSettings settings, AuditSigner signer) throws IOException {
    return open(settings, signer, Disk.local(), InstantSource.system());
  }

  static FileAuditLog open(
      AuditSettings settings, AuditSigner signer, Disk disk, InstantSource clock)
      throws IOException {
    DirectoryLock directoryLock = DirectoryLock.acquire(settings.directory());
    try {
      ChainTail tail = ChainTail.find(disk, settings.directory(), settings.agent().toString());
      FileAuditLog log = new FileAuditLog(settings, signer, disk, clock, directoryLock, tail);
      log.start(tail);
      return log;
    } catch (IOException | RuntimeException e) {
      directoryLock.close();
      throw e;
    }
  }

  private void start(ChainTail tail) {
    LOGGER.info("audit log goes on after record {} {}", tail.link().sequence(), tail.link().hash());
    try {
      backlog.goOnWith(PendingFile.open(disk, settings.directory()));
    } catch (IOException e) {
      underLock(() -> fail(e, false));
    }
    keeper.start();
    if (copy != null) {
      copy.start();
    }
    tail.notes().forEach(this::record);
  }

  @Override
  public AuditReceipt record(AuditEvent event) {
    while (true) {
      lock.lock();
      try {
        AuditReceipt receipt = closed || !faults.none() ? faults.refuse() : put(event);
        if (receipt != null) {
          return receipt;
        }
      } finally {
        lock.unlock();
      }
      append();
    }
  }

  @Override
  public boolean writable() {
    return faults.none();
  }

  /** Null when there is no room. */
  private @Nullable AuditReceipt put(AuditEvent event) {
    try {
      if (!backlog.write(clock.instant(), event)) {
        return null;
      }
      keeper.somethingToAppend();
      if (backlog.hasBecomeMuch()) {
        keeper.muchToAppend();
      }
      return new Written(backlog.sequence());
    } catch (RuntimeException bug) {
      LOGGER.error("an audit event could not be encoded", bug);
      return new Unwritable("the event could not be encoded: " + bug.getClass().getName());
    } catch (IOException | Error e) {
      // Whatever it was, nobody may be told that a record is written that is not.
      fail(e, false);
      return faults.refuse();
    }
  }

  /** Appends to the file what waits for it. Any thread. */
  void append() {
    if (faults.isUnforced()) {
      return;
    }
    try {
      appendWaiting();
    } catch (IOException | RuntimeException | Error e) {
      underLock(() -> fail(e, false));
      try {
        backlog.force();
      } catch (IOException alsoBad) {
        LOGGER.debug("pending audit records can't be forced to disk", alsoBad);
      }
    }
  }

  private void appendWaiting() throws IOException {
    appending.lock();
    try {
      boolean leftOver;
      do {
        leftOver = underLock(backlog::isTaken);
        Half half = underLock(backlog::take);
        if (half != null) {
          chain.append(half);
          underLock(backlog::free);
        }
      } while (leftOver);
    } finally {
      appending.unlock();
    }
  }

  private void fail(Throwable cause, boolean unforced) {
    faults.begin(cause, unforced);
    keeper.somethingToMend();
  }

  /** Forces what was appended. */
  void force() {
    try {
      chain.force();
    } catch (IOException e) {
      underLock(() -> fail(e, true));
    }
    if (copy != null) {
      copy.moreToCopy();
    }
  }

  /** Notices when somebody took the pending file away. Runs on the keeper's thread. */
  void lookAfterPending() {
    if (faults.none() && !backlog.hasFile()) {
      String what = PendingFile.NAME + " was removed, replaced or cut off";
      underLock(() -> fail(new IOException(what), false));
      tryToRecover();
    }
  }

  /** Tries to end a fault without waiting for a call. Runs on the keeper's thread. */
  void tryToRecover() {
    try {
      if (faults.isUnforced()) {
        forceAgain();
      }
      appendWaiting();
      if (!backlog.hasFile()) {
        PendingFile next = PendingFile.open(disk, settings.directory());
        lock.lock();
        try {
          backlog.goOnWith(next);
        } finally {
          lock.unlock();
        }
      }
      lock.lock();
      try {
        noteRecovery();
      } finally {
        lock.unlock();
      }
    } catch (IOException | RuntimeException | Error stillBad) {
      LOGGER.debug("audit is still not writable", stillBad);
    }
  }

  private void forceAgain() throws IOException {
    appending.lock();
    try {
      chain.forceAgain();
    } finally {
      appending.unlock();
    }
    underLock(faults::madeGood);
  }

  /** The first record after a fault tells of it. */
  private void noteRecovery() throws IOException {
    Fault past = faults.present();
    if (past != null && !closed) {
      Instant now = clock.instant();
      backlog.write(now, past.note(now));
      faults.end();
      keeper.somethingToAppend();
    }
  }

  /**
   * Signs what has come since the last checkpoint, and remembers it in HEAD. Runs on the keeper's
   * thread.
   *
   * @return whether it is signed
   */
  boolean checkpoint() {
    long before = checkpointed;
    while (!underLock(this::sign)) {
      append();
    }
    rememberAll();
    return checkpointed != before;
  }

  private void rememberAll() {
    append();
    force();
    if (faults.none()) {
      try {
        chain.writeHead(settings.agent().toString());
      } catch (IOException e) {
        LOGGER.warn("the audit log's HEAD could not be written: {}", e.getMessage());
      }
    }
  }

  /** False when there is no room for it. */
  private boolean sign() {
    if (!faults.none() || backlog.sequence() <= checkpointed) {
      return true;
    }
    Optional<AuditEntry> entry = signer.sign(backlog.tip());
    try {
      if (entry.isPresent() && !backlog.write(clock.instant(), entry.get())) {
        return false;
      }
      if (entry.orElse(null) instanceof Checkpoint) {
        checkpointed = backlog.sequence();
      }
    } catch (IOException e) {
      fail(e, false);
    }
    return true;
  }

  /** Records that no checkpoint covers yet. Any thread. */
  long unsigned() {
    return underLock(() -> backlog.sequence() - checkpointed);
  }

  boolean faulty() {
    return !faults.none();
  }

  private void underLock(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private <T extends @Nullable Object> T underLock(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  /** Signs, forces and ends the log; later events are refused. */
  @Override
  public void close() {
    keeper.close();
    boolean done = false;
    boolean first = false;
    while (!done) {
      append();
      lock.lock();
      try {
        first = !closed;
        done = closed || sign();
        closed |= done;
      } finally {
        lock.unlock();
      }
    }
    if (first) {
      end();
    }
  }

  private void end() {
    rememberAll();
    try {
      if (copy != null) {
        copy.close();
      }
      ChainLink end = chain.appended().link();
      LOGGER.info("audit log ends at record {} {}", end.sequence(), end.hash());
      chain.close();
      backlog.close();
      directoryLock.close();
    } catch (IOException e) {
      LOGGER.warn("the audit log did not close well: {}", e.getMessage());
    }
  }
}
