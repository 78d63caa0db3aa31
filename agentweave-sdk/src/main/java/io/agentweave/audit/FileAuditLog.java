package io.agentweave.audit;

import io.agentweave.audit.AuditReceipt.Unwritable;
import io.agentweave.audit.AuditReceipt.Written;
import io.agentweave.journal.DirectoryLock;
import io.agentweave.journal.Disk;
import io.agentweave.journal.GroupCommit;
import io.agentweave.journal.GroupCommit.Pending;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log as files of JSON lines in a directory of its own, {@code audit-<first
 * sequence>.jsonl}, one record a line, each holding the hash of the one before.
 *
 * <p>Beside them lie {@code HEAD} (how far the log had come at the last checkpoint), {@code lock},
 * and {@code torn-*.bin} with whatever a crash had cut off. A thread of the log forces the file to
 * the disk, signs checkpoints, and tries again after a fault, so that the log recovers by itself.
 */
public final class FileAuditLog implements AuditLog {
  private static final Logger LOGGER = LoggerFactory.getLogger(FileAuditLog.class);
  private static final int LARGEST_APPEND = 256 << 10;

  private final AuditSettings settings;
  private final CheckpointSigner signer;
  private final InstantSource clock;
  private final DirectoryLock directoryLock;
  private final ChainFile chain;
  private final ReentrantLock lock = new ReentrantLock();
  private final GroupCommit<AuditEvent, AuditReceipt> commits =
      new GroupCommit<>(lock, this::write);
  private final AuditKeeper keeper;
  private final @Nullable LineCopy copy;

  private volatile @Nullable Fault fault;
  private boolean closed;
  private volatile long checkpointed;

  private FileAuditLog(
      AuditSettings settings,
      AuditSigner signer,
      Disk disk,
      InstantSource clock,
      DirectoryLock directoryLock,
      ChainTail tail) {
    this.settings = settings;
    this.signer = new CheckpointSigner(signer, settings.agent().toString());
    this.clock = clock;
    this.directoryLock = directoryLock;
    this.chain = new ChainFile(disk, settings, tail);
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
    keeper.start();
    if (copy != null) {
      copy.start();
    }
    tail.torn()
        .ifPresent(
            torn ->
                record(
                    new AuditEvent.Noticed(
                        "audit_torn_tail",
                        "%d bytes of an unfinished write moved to %s"
                            .formatted(torn.bytes(), torn.movedTo()),
                        null)));
  }

  @Override
  public AuditReceipt record(AuditEvent event) {
    return commits.submit(event);
  }

  @Override
  public boolean writable() {
    return fault == null;
  }

  /** Runs under the lock. */
  private void write(List<Pending<AuditEvent, AuditReceipt>> batch) {
    Fault now = fault;
    if (closed || (now != null && now.isUnforced())) {
      refuse(batch, closed ? "the audit log is closed" : now == null ? "" : now.reason());
      return;
    }
    int appended = 0;
    try {
      noteRecovery();
      for (int i = 0; i < batch.size(); i++) {
        put(batch.get(i));
        if (chain.pending() > LARGEST_APPEND) {
          chain.append();
          appended = i + 1;
        }
      }
      if (chain.pending() > 0) {
        chain.append();
      }
      recovered();
      keeper.somethingToForce();
    } catch (IOException | RuntimeException | Error e) {
      // Whatever it was, nobody may be told that a record is written that is not.
      chain.rollBack();
      refuse(batch.subList(appended, batch.size()), fail(e, false));
    }
  }

  private void put(Pending<AuditEvent, AuditReceipt> pending) {
    try {
      pending.answer(new Written(chain.write(clock.instant(), pending.entry())));
    } catch (RuntimeException bug) {
      LOGGER.error("an audit event could not be encoded", bug);
      pending.answer(new Unwritable("the event could not be encoded: " + bug.getClass().getName()));
    }
  }

  private void refuse(List<Pending<AuditEvent, AuditReceipt>> batch, String reason) {
    batch.forEach(pending -> pending.answer(new Unwritable(reason)));
    Fault now = fault;
    if (now != null) {
      fault = now.refusing(batch.size());
    }
  }

  /** The first record after a fault tells of it, in the same append as the first event. */
  private void noteRecovery() {
    Fault past = fault;
    if (past != null) {
      Instant now = clock.instant();
      chain.write(now, past.note(now));
    }
  }

  private void recovered() {
    if (fault != null) {
      LOGGER.info("audit is writable again");
      fault = null;
    }
  }

  private String fail(Throwable cause, boolean unforced) {
    String message = cause.getMessage();
    String reason = message == null ? cause.getClass().getName() : message;
    Fault before = fault;
    if (before == null) {
      LOGGER.error("audit is not writable, calls are refused: {}", reason);
      fault = new Fault(reason, unforced, clock.instant(), 0);
    } else if (unforced) {
      fault = before.unforced(true);
    }
    keeper.somethingToMend();
    return reason;
  }

  /** Forces what was appended. Runs on the keeper's thread. */
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

  /** Tries to end a fault without waiting for a call. Runs on the keeper's thread. */
  void tryToRecover() {
    underLock(
        () -> {
          Fault now = fault;
          if (now != null && now.isUnforced()) {
            try {
              chain.forceAgain();
              fault = now.unforced(false);
            } catch (IOException stillBad) {
              LOGGER.debug("audit can't be forced to disk", stillBad);
            }
          }
          if (fault != null) {
            write(List.of());
          }
        });
  }

  /** Signs what has come since the last checkpoint, and remembers it in HEAD. */
  void checkpoint() {
    underLock(this::sign);
    force();
    if (fault == null) {
      try {
        chain.writeHead(settings.agent().toString());
      } catch (IOException e) {
        LOGGER.warn("the audit log's HEAD could not be written: {}", e.getMessage());
      }
    }
  }

  private void sign() {
    ChainLink link = chain.appended().link();
    if (fault != null || link.sequence() <= checkpointed) {
      return;
    }
    Optional<AuditEntry> entry = signer.sign(link);
    if (entry.isEmpty()) {
      return;
    }
    chain.write(clock.instant(), entry.get());
    try {
      chain.append();
      if (entry.get() instanceof Checkpoint) {
        checkpointed = chain.appended().link().sequence();
      }
    } catch (IOException e) {
      fail(e, false);
    }
  }

  /** Records that no checkpoint covers yet. Any thread. */
  long unsigned() {
    return chain.appended().link().sequence() - checkpointed;
  }

  boolean faulty() {
    return fault != null;
  }

  private void underLock(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  /** Signs, forces and ends the log; later events are refused. */
  @Override
  public void close() {
    keeper.close();
    if (!markClosed()) {
      return;
    }
    try {
      if (copy != null) {
        copy.close();
      }
      ChainLink end = chain.appended().link();
      LOGGER.info("audit log ends at record {} {}", end.sequence(), end.hash());
      chain.close();
      directoryLock.close();
    } catch (IOException e) {
      LOGGER.warn("the audit log did not close well: {}", e.getMessage());
    }
  }

  private boolean markClosed() {
    lock.lock();
    try {
      boolean first = !closed;
      if (first) {
        checkpoint();
      }
      closed = true;
      return first;
    } finally {
      lock.unlock();
    }
  }
}
