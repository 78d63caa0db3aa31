package io.agentweave.audit;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes checkpoints, or notes that it can't. For one thread at a time. */
final class CheckpointSigner {
  private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointSigner.class);

  private final AuditSigner signer;
  private final String agent;
  private boolean failing;

  CheckpointSigner(AuditSigner signer, String agent) {
    this.signer = signer;
    this.agent = agent;
  }

  /** What to write after this record: nothing when signing fails as it did the last time. */
  Optional<AuditEntry> sign(ChainLink link) {
    try {
      byte[] message = Checkpoint.message(agent, link.sequence(), link.hash());
      AuditSigner.Signed signed = signer.sign(message);
      failing = false;
      return Optional.of(
          new Checkpoint(link.sequence(), link.hash(), signed.signature(), signed.certificates()));
    } catch (RuntimeException e) {
      if (failing) {
        return Optional.empty();
      }
      failing = true;
      LOGGER.warn("the audit log could not be signed", e);
      String why = e.getMessage() == null ? e.getClass().getName() : e.getMessage();
      return Optional.of(new AuditEvent.Noticed("audit_unsigned", why, null));
    }
  }
}
