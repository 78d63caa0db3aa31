package io.agentweave.audit;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.agentweave.call.Direction;
import io.agentweave.call.TraceContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns lines back into records. */
final class RecordReader {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private RecordReader() {}

  /** The record in these bytes, or empty when they are not one. Never throws. */
  static Optional<AuditRecord> read(byte[] bytes, int start, int end) {
    try {
      return Optional.of(record(tree(bytes, start, end - start)));
    } catch (IOException | CertificateException | RuntimeException notARecord) {
      return Optional.empty();
    }
  }

  /** The JSON object in these bytes; throws when there is none. */
  static JsonNode tree(byte[] bytes, int from, int length) throws IOException {
    JsonNode json = JSON.readTree(bytes, from, length);
    if (!json.isObject()) {
      throw new IOException("not a JSON object");
    }
    return json;
  }

  private static AuditRecord record(JsonNode json) throws CertificateException {
    return new AuditRecord(
        number(json, "seq"),
        Instant.parse(text(json, "time")),
        text(json, "agent"),
        entry(json),
        text(json, "prev"),
        text(json, "hash"));
  }

  private static AuditEntry entry(JsonNode json) throws CertificateException {
    return switch (text(json, "event")) {
      case "decided" ->
          new AuditEvent.Decided(
              subject(json),
              text(json, "decision_id"),
              text(json, "decision"),
              text(json, "reason"),
              text(json, "policy_id"),
              text(json, "policy_revision"),
              flag(json, "reused"),
              flag(json, "shadow"));
      case "ended" ->
          new AuditEvent.Ended(
              subject(json),
              text(json, "outcome"),
              text(json, "detail"),
              textIfAny(json, "decision_id"),
              Duration.of(number(json, "duration_us"), ChronoUnit.MICROS));
      case "noticed" ->
          new AuditEvent.Noticed(text(json, "kind"), text(json, "detail"), textIfAny(json, "peer"));
      case "checkpoint" ->
          new Checkpoint(
              number(json, "signed_seq"),
              text(json, "signed_hash"),
              text(json, "signature"),
              certificates(text(json, "certificates")));
      default -> throw new IllegalArgumentException("no such event");
    };
  }

  private static AuditEvent.Subject subject(JsonNode json) {
    String traceId = textIfAny(json, "trace_id");
    return new AuditEvent.Subject(
        text(json, "request_id"),
        Direction.valueOf(text(json, "direction").toUpperCase(java.util.Locale.ROOT)),
        text(json, "rpc"),
        text(json, "action"),
        textIfAny(json, "caller"),
        textIfAny(json, "caller_svid_serial"),
        text(json, "callee"),
        Math.toIntExact(number(json, "payload_size")),
        traceId == null
            ? null
            : new TraceContext(traceId, text(json, "span_id"), flag(json, "sampled")));
  }

  private static List<X509Certificate> certificates(String base64) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    for (String one : base64.split(" ", -1)) {
      byte[] der = Base64.getDecoder().decode(one);
      Certificate certificate = factory.generateCertificate(new ByteArrayInputStream(der));
      chain.add((X509Certificate) certificate);
    }
    return chain;
  }

  private static String text(JsonNode json, String field) {
    String value = textIfAny(json, field);
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  private static @Nullable String textIfAny(JsonNode json, String field) {
    JsonNode value = json.get(field);
    return value != null && value.isTextual() ? value.textValue() : null;
  }

  private static long number(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException(field + " is no whole number");
    }
    return value.longValue();
  }

  private static boolean flag(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isBoolean()) {
      throw new IllegalArgumentException(field + " is neither true nor false");
    }
    return value.booleanValue();
  }
}
