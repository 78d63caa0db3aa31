package io.agentweave.audit;

/** What became of checking an audit log. */
public sealed interface AuditVerification {

  /**
   * Nothing that can be seen was changed.
   *
   * @param records how many were checked
   * @param files in how many files, not counting the one of pending records
   * @param firstSequence where the chain that was checked starts
   * @param lastSequence where it ends
   * @param lastHash the hash there, lower-case hex
   * @param signedUpTo the last record that a checkpoint covers; the ones after it are chained but
   *     not signed, so that whoever can write the file could have made them up. 0 when none is
   * @param unfinishedBytes length of an unfinished last line: a write in progress, or one that a
   *     crash cut off; and of pending records that a power failure damaged
   */
  record Intact(
      long records,
      int files,
      long firstSequence,
      long lastSequence,
      String lastHash,
      long signedUpTo,
      long unfinishedBytes)
      implements AuditVerification {}

  /**
   * Something was changed, and this is the first place where it shows.
   *
   * @param file its name
   * @param line from 1; 0 when it is about the file as a whole
   * @param sequence of the record that is wrong or missing there
   * @param what is wrong, in words
   */
  record Broken(String file, long line, long sequence, String what) implements AuditVerification {}
}
