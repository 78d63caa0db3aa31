package io.agentweave.audit;

import io.agentweave.call.TraceContext;
import io.agentweave.journal.JsonLine;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as lines and chains them: {@code hash} is SHA-256 over the bytes of the line up to
 * and without {@code ,"hash":}, and {@code prev} is the hash of the line before. For one thread at
 * a time. Nothing counts until {@link #commit}.
 */
final class RecordWriter {
  /** A longer text is cut off and says so: one record can't fill the disk. */
  static final int LONGEST_TEXT = 4096;

  private final JsonLine line = new JsonLine();
  private final MessageDigest sha256 = RecordLine.sha256();
  private final RecordTime time = new RecordTime();
  private final String agent;
  private ChainLink committed;
  private ChainLink tip;

  RecordWriter(String agent, ChainLink start) {
    this.agent = agent;
    this.committed = start;
    this.tip = start;
  }

  /** The last record that is on file. */
  ChainLink committed() {
    return committed;
  }

  /** The last record that was written here. */
  ChainLink tip() {
    return tip;
  }

  byte[] bytes() {
    return line.bytes();
  }

  int size() {
    return line.size();
  }

  /** What was written is on file. */
  void commit() {
    committed = tip;
    line.rewind(0);
  }

  /** What was written since the last {@link #commit} is not on file and never was. */
  void rollBack() {
    tip = committed;
    line.rewind(0);
  }

  /** Writes one record; when it throws, as if it had not been called. */
  void write(Instant at, AuditEntry entry) {
    int before = line.size();
    try {
      line.open().field("seq", tip.sequence() + 1);
      line.plainField("time", time.text(at)).field("agent", agent);
      switch (entry) {
        case AuditEvent.Decided decided -> decided(decided);
        case AuditEvent.Ended ended -> ended(ended);
        case AuditEvent.Noticed noticed -> noticed(noticed);
        case Checkpoint checkpoint -> checkpoint(checkpoint);
      }
      line.hexField("prev", tip.rawHash());
      sha256.update(line.bytes(), before, line.size() - before);
      byte[] hash = sha256.digest();
      line.hexField("hash", hash).close();
      tip = new ChainLink(tip.sequence() + 1, hash);
    } catch (RuntimeException e) {
      line.rewind(before);
      throw e;
    }
  }

  private void decided(AuditEvent.Decided event) {
    line.field("event", "decided");
    subject(event.subject(), event.decisionId());
    text("decision", event.decision());
    text("reason", event.reason());
    text("policy_id", event.policyId());
    text("policy_revision", event.policyRevision());
    line.field("reused", event.reused()).field("shadow", event.shadow());
  }

  private void ended(AuditEvent.Ended event) {
    line.field("event", "ended");
    subject(event.subject(), event.decisionId());
    text("outcome", event.outcome());
    text("detail", event.detail());
    line.field("duration_us", micros(event.duration()));
  }

  private void noticed(AuditEvent.Noticed event) {
    line.field("event", "noticed");
    text("kind", event.kind());
    text("detail", event.detail());
    text("peer", event.peer());
  }

  private void checkpoint(Checkpoint checkpoint) {
    line.field("event", "checkpoint");
    line.field("signed_seq", checkpoint.signedSequence());
    line.field("signed_hash", checkpoint.signedHash());
    line.field("signature", checkpoint.signature());
    StringBuilder chain = new StringBuilder();
    for (X509Certificate certificate : checkpoint.certificates()) {
      chain.append(chain.isEmpty() ? "" : " ").append(base64(certificate));
    }
    line.field("certificates", chain.toString());
  }

  private void subject(AuditEvent.Subject subject, @Nullable String decisionId) {
    text("request_id", subject.requestId());
    text("decision_id", decisionId);
    TraceContext trace = subject.trace();
    if (trace != null) {
      text("trace_id", trace.traceId());
      text("span_id", trace.spanId());
      line.field("sampled", trace.sampled());
    }
    line.field("direction", subject.direction().word());
    text("rpc", subject.rpc());
    text("action", subject.action());
    text("caller", subject.caller());
    text("caller_svid_serial", subject.callerSvidSerial());
    text("callee", subject.callee());
    line.field("payload_size", subject.payloadSize());
  }

  private void text(String name, @Nullable String value) {
    line.field(name, value, LONGEST_TEXT);
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  private static String base64(X509Certificate certificate) {
    try {
      return Base64.getEncoder().encodeToString(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate without an encoding", e);
    }
  }
}
