package io.agentweave.audit;

import io.agentweave.identity.SpiffeId;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where and how an agent's audit log is kept.
 *
 * @param directory holds the files of this agent only; made when absent
 * @param maxFileBytes a file that has reached this size is followed by a new one
 * @param syncInterval the longest time that a record waits to be forced to the disk
 * @param checkpointRecords how many records may follow a checkpoint before the next
 * @param checkpointInterval how long a record may wait for the checkpoint that covers it
 * @param copy gets each line as well, in order, without ever holding up a call
 */
public record AuditSettings(
    Path directory,
    SpiffeId agent,
    long maxFileBytes,
    Duration syncInterval,
    int checkpointRecords,
    Duration checkpointInterval,
    Optional<OutputStream> copy) {

  /** Files of 64 MiB, forced every 20 ms, signed every 10,000 records or 5 seconds, no copy. */
  public static AuditSettings of(Path directory, SpiffeId agent) {
    return new AuditSettings(
        directory,
        agent,
        64L << 20,
        Duration.ofMillis(20),
        10_000,
        Duration.ofSeconds(5),
        Optional.empty());
  }

  public AuditSettings withCopyTo(OutputStream stream) {
    return new AuditSettings(
        directory,
        agent,
        maxFileBytes,
        syncInterval,
        checkpointRecords,
        checkpointInterval,
        Optional.of(stream));
  }

  public AuditSettings withMaxFileBytes(long bytes) {
    return new AuditSettings(
        directory, agent, bytes, syncInterval, checkpointRecords, checkpointInterval, copy);
  }

  public AuditSettings withCheckpoints(int records, Duration interval) {
    return new AuditSettings(directory, agent, maxFileBytes, syncInterval, records, interval, copy);
  }
}
