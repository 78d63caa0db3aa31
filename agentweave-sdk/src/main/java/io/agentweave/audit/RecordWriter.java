package io.agentweave.audit;

import io.agentweave.call.TraceContext;
import io.agentweave.journal.JsonLine;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as lines and chains them: {@code hash} is SHA-256 over the bytes of the line up to
 * and without {@code ,"hash":}, and {@code prev} is the hash of the line before. For one thread at
 * a time.
 */
final class RecordWriter {
  /** A longer text is cut off and says so: one record can't fill the disk. */
  static final int LONGEST_TEXT = 4096;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int HASH_BYTES = 32;

  private final MessageDigest sha256 = RecordLine.sha256();
  private final byte[] digest = new byte[HASH_BYTES];
  private final RecordTime time = new RecordTime();
  private final byte[] agent;

  private final RepeatedText decision = new RepeatedText("decision");
  private final RepeatedText reason = new RepeatedText("reason");
  private final RepeatedText policyId = new RepeatedText("policy_id");
  private final RepeatedText policyRevision = new RepeatedText("policy_revision");
  private final RepeatedText outcome = new RepeatedText("outcome");
  private final RepeatedText direction = new RepeatedText("direction");
  private final RepeatedText rpc = new RepeatedText("rpc");
  private final RepeatedText action = new RepeatedText("action");
  private final RepeatedText caller = new RepeatedText("caller");
  private final RepeatedText callerSvidSerial = new RepeatedText("caller_svid_serial");
  private final RepeatedText callee = new RepeatedText("callee");

  private long sequence;
  private byte[] hash;
  private byte[] hashBefore = new byte[2 * HASH_BYTES];

  RecordWriter(String agent, ChainLink start) {
    JsonLine line = new JsonLine().field("agent", agent);
    this.agent = Arrays.copyOf(line.bytes(), line.size());
    this.sequence = start.sequence();
    this.hash = start.hash().getBytes(StandardCharsets.US_ASCII);
  }

  /** Of the last record. */
  long sequence() {
    return sequence;
  }

  /** The last record. */
  ChainLink tip() {
    return new ChainLink(
        sequence, HexFormat.of().parseHex(new String(hash, StandardCharsets.US_ASCII)));
  }

  /** Writes the next record to the end of {@code line}; when it throws, nothing. */
  void write(JsonLine line, Instant at, AuditEntry entry) {
    int before = line.size();
    try {
      line.open().field(Field.SEQ, sequence + 1);
      line.plainField(Field.TIME, time.text(at)).encoded(agent, agent.length);
      switch (entry) {
        case AuditEvent.Decided decided -> decided(line, decided);
        case AuditEvent.Ended ended -> ended(line, ended);
        case AuditEvent.Noticed noticed -> noticed(line, noticed);
        case Checkpoint checkpoint -> checkpoint(line, checkpoint);
      }
      line.plainField(Field.PREV, hash);
      chain(line, before);
    } catch (RuntimeException | Error e) {
      line.rewind(before);
      throw e;
    }
  }

  private void chain(JsonLine line, int start) {
    sha256.update(line.bytes(), start, line.size() - start);
    try {
      sha256.digest(digest, 0, HASH_BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
    byte[] next = hashBefore;
    hex(digest, next);
    line.plainField(Field.HASH, next).close();
    hashBefore = hash;
    hash = next;
    sequence++;
  }

  private static void hex(byte[] from, byte[] to) {
    for (int i = 0; i < from.length; i++) {
      to[2 * i] = HEX[(from[i] >> 4) & 0xF];
      to[2 * i + 1] = HEX[from[i] & 0xF];
    }
  }

  /** The last record was not written after all. Once for each record. */
  void takeBack() {
    byte[] taken = hash;
    hash = hashBefore;
    hashBefore = taken;
    sequence--;
  }

  private void decided(JsonLine line, AuditEvent.Decided event) {
    line.encoded(Field.DECIDED, Field.DECIDED.length);
    subject(line, event.subject(), event.decisionId());
    decision.write(line, event.decision());
    reason.write(line, event.reason());
    policyId.write(line, event.policyId());
    policyRevision.write(line, event.policyRevision());
    line.field(Field.REUSED, event.reused()).field(Field.SHADOW, event.shadow());
  }

  private void ended(JsonLine line, AuditEvent.Ended event) {
    line.encoded(Field.ENDED, Field.ENDED.length);
    subject(line, event.subject(), event.decisionId());
    outcome.write(line, event.outcome());
    text(line, Field.DETAIL, event.detail());
    line.field(Field.DURATION_US, micros(event.duration()));
  }

  private static void noticed(JsonLine line, AuditEvent.Noticed event) {
    line.field("event", "noticed");
    text(line, Field.KIND, event.kind());
    text(line, Field.DETAIL, event.detail());
    text(line, Field.PEER, event.peer());
  }

  private static void checkpoint(JsonLine line, Checkpoint checkpoint) {
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

  private void subject(JsonLine line, AuditEvent.Subject subject, @Nullable String decisionId) {
    text(line, Field.REQUEST_ID, subject.requestId());
    text(line, Field.DECISION_ID, decisionId);
    TraceContext trace = subject.trace();
    if (trace != null) {
      text(line, Field.TRACE_ID, trace.traceId());
      text(line, Field.SPAN_ID, trace.spanId());
      line.field(Field.SAMPLED, trace.sampled());
    }
    direction.write(line, subject.direction().word());
    rpc.write(line, subject.rpc());
    action.write(line, subject.action());
    caller.write(line, subject.caller());
    callerSvidSerial.write(line, subject.callerSvidSerial());
    callee.write(line, subject.callee());
    line.field(Field.PAYLOAD_SIZE, subject.payloadSize());
  }

  private static void text(JsonLine line, JsonLine.Name name, @Nullable String value) {
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

  /** The names of the members, encoded once. */
  private static final class Field {
    static final JsonLine.Name SEQ = JsonLine.name("seq");
    static final JsonLine.Name TIME = JsonLine.name("time");
    static final JsonLine.Name REQUEST_ID = JsonLine.name("request_id");
    static final JsonLine.Name DECISION_ID = JsonLine.name("decision_id");
    static final JsonLine.Name TRACE_ID = JsonLine.name("trace_id");
    static final JsonLine.Name SPAN_ID = JsonLine.name("span_id");
    static final JsonLine.Name SAMPLED = JsonLine.name("sampled");
    static final JsonLine.Name PAYLOAD_SIZE = JsonLine.name("payload_size");
    static final JsonLine.Name REUSED = JsonLine.name("reused");
    static final JsonLine.Name SHADOW = JsonLine.name("shadow");
    static final JsonLine.Name DETAIL = JsonLine.name("detail");
    static final JsonLine.Name DURATION_US = JsonLine.name("duration_us");
    static final JsonLine.Name KIND = JsonLine.name("kind");
    static final JsonLine.Name PEER = JsonLine.name("peer");
    static final JsonLine.Name PREV = JsonLine.name("prev");
    static final JsonLine.Name HASH = JsonLine.name("hash");
    static final byte[] DECIDED = ",\"event\":\"decided\"".getBytes(StandardCharsets.US_ASCII);
    static final byte[] ENDED = ",\"event\":\"ended\"".getBytes(StandardCharsets.US_ASCII);

    private Field() {}
  }
}
