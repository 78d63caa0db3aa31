package io.agentweave.server;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.agentweave.a2a.ProtocolError;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.a2a.WireNames;
import io.agentweave.call.Refusal;
import io.agentweave.call.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a caller gets to see of a refusal: the only place that knows status codes. The code, the
 * kind and the ids that lead an operator to the rest; of an invalid request, the fields. Never the
 * detail.
 */
final class RefusalStatus {
  private static final java.time.Duration USUAL_RETRY = java.time.Duration.ofSeconds(1);

  /** Clients take 8 KiB of metadata by default, and this travels in it, in base 64. */
  private static final int MAX_VIOLATION_BYTES = 3 * 1024;

  private static final int MAX_MESSAGE = 512;

  private RefusalStatus() {}

  static Status of(Refusal refusal, String requestId, ProtocolVersion version) {
    Map<String, String> metadata = new HashMap<>();
    metadata.put(WireNames.INFO_REQUEST_ID, requestId);
    Status.Builder status =
        Status.newBuilder()
            .setCode(code(refusal, version).getNumber())
            .setMessage(message(refusal));
    switch (refusal) {
      case Refusal.Denied denied -> {
        metadata.put(WireNames.INFO_DECISION_ID, denied.decisionId());
        metadata.put(WireNames.INFO_REASON, denied.reason());
      }
      case Refusal.PolicyUnavailable unavailable ->
          metadata.put(WireNames.INFO_DECISION_ID, unavailable.decisionId());
      case Refusal.Overloaded overloaded -> metadata.put(WireNames.INFO_LIMIT, overloaded.limit());
      case Refusal.DependencyUnavailable missing ->
          metadata.put(WireNames.INFO_DEPENDENCY, missing.dependency());
      case Refusal.RefusedByPeer peer -> metadata.put(WireNames.INFO_REASON, peer.reason());
      case Refusal.Unauthenticated none -> {}
      case Refusal.AuditUnavailable none -> {}
      case Refusal.Draining none -> {}
      case Refusal.Invalid none -> {}
      case Refusal.DeadlineExceeded none -> {}
      case Refusal.Cancelled none -> {}
      case Refusal.Protocol none -> {}
      case Refusal.Unreachable none -> {}
      case Refusal.Broken none -> {}
    }
    status.addDetails(Any.pack(info(refusal, metadata)));
    retryAfter(refusal).ifPresent(after -> status.addDetails(Any.pack(after)));
    if (refusal instanceof Refusal.Invalid(List<Violation> violations)) {
      status.addDetails(Any.pack(badRequest(violations)));
    }
    return status.build();
  }

  /** The table. */
  static Code code(Refusal refusal, ProtocolVersion version) {
    return switch (refusal) {
      case Refusal.Unauthenticated r -> Code.UNAUTHENTICATED;
      case Refusal.Denied r -> Code.PERMISSION_DENIED;
      case Refusal.PolicyUnavailable r -> Code.UNAVAILABLE;
      case Refusal.AuditUnavailable r -> Code.UNAVAILABLE;
      case Refusal.Overloaded r -> Code.RESOURCE_EXHAUSTED;
      case Refusal.Draining r -> Code.UNAVAILABLE;
      case Refusal.Invalid r -> Code.INVALID_ARGUMENT;
      case Refusal.DeadlineExceeded r -> Code.DEADLINE_EXCEEDED;
      case Refusal.Cancelled r -> Code.CANCELLED;
      case Refusal.Protocol(String reason, String detail) -> protocolCode(reason, version);
      case Refusal.DependencyUnavailable r -> Code.UNAVAILABLE;
      case Refusal.Unreachable r -> Code.UNAVAILABLE;
      case Refusal.RefusedByPeer r -> Code.FAILED_PRECONDITION;
      case Refusal.Broken r -> Code.INTERNAL;
    };
  }

  /** The statuses of A2A's own errors; some were others before 1.0.1. */
  private static Code protocolCode(String reason, ProtocolVersion version) {
    if (reason.equals(RequestReader.UNKNOWN_METHOD)) {
      return Code.UNIMPLEMENTED;
    }
    return switch (ProtocolError.valueOf(reason)) {
      case TASK_NOT_FOUND -> Code.NOT_FOUND;
      case TASK_NOT_CANCELABLE -> Code.FAILED_PRECONDITION;
      case PUSH_NOTIFICATION_NOT_SUPPORTED, UNSUPPORTED_OPERATION, VERSION_NOT_SUPPORTED ->
          switch (version) {
            case V1_0_0 -> Code.UNIMPLEMENTED;
            case V1_0_1 -> Code.FAILED_PRECONDITION;
          };
      case CONTENT_TYPE_NOT_SUPPORTED -> Code.INVALID_ARGUMENT;
      case INVALID_AGENT_RESPONSE -> Code.INTERNAL;
      case EXTENDED_AGENT_CARD_NOT_CONFIGURED -> Code.FAILED_PRECONDITION;
      case EXTENSION_SUPPORT_REQUIRED -> Code.FAILED_PRECONDITION;
    };
  }

  /** The same for HTTP/1.1, by gRPC's own mapping read backwards. */
  static int httpStatus(Refusal refusal) {
    return switch (code(refusal, ProtocolVersion.V1_0_1)) {
      case OK -> 200;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND, UNIMPLEMENTED -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> 499;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case INTERNAL, UNKNOWN, DATA_LOSS, UNRECOGNIZED -> 500;
    };
  }

  private static ErrorInfo info(Refusal refusal, Map<String, String> metadata) {
    boolean ofA2a =
        refusal instanceof Refusal.Protocol(String reason, String detail)
            && !reason.equals(RequestReader.UNKNOWN_METHOD);
    return ErrorInfo.newBuilder()
        .setDomain(ofA2a ? WireNames.A2A_DOMAIN : WireNames.AGENTWEAVE_DOMAIN)
        .setReason(
            refusal instanceof Refusal.Protocol(String reason, String detail)
                ? reason
                : refusal.kind().name())
        .putAllMetadata(metadata)
        .build();
  }

  private static Optional<RetryInfo> retryAfter(Refusal refusal) {
    if (!refusal.kind().retryable()) {
      return Optional.empty();
    }
    java.time.Duration after =
        refusal instanceof Refusal.Overloaded overloaded ? overloaded.retryAfter() : USUAL_RETRY;
    return Optional.of(
        RetryInfo.newBuilder()
            .setRetryDelay(
                Duration.newBuilder().setSeconds(after.getSeconds()).setNanos(after.getNano()))
            .build());
  }

  private static BadRequest badRequest(List<Violation> violations) {
    BadRequest.Builder request = BadRequest.newBuilder();
    int room = MAX_VIOLATION_BYTES;
    for (Violation violation : violations) {
      BadRequest.FieldViolation field =
          BadRequest.FieldViolation.newBuilder()
              .setField(violation.field())
              .setDescription(violation.rule() + " (found " + violation.shape() + ")")
              .build();
      room -= field.getSerializedSize() + 4;
      if (room < 0) {
        request.addFieldViolations(
            BadRequest.FieldViolation.newBuilder()
                .setDescription((violations.size() - request.getFieldViolationsCount()) + " more"));
        break;
      }
      request.addFieldViolations(field);
    }
    return request.build();
  }

  private static String message(Refusal refusal) {
    String word = refusal.kind().word();
    String said =
        switch (refusal) {
          case Refusal.Invalid invalid -> word + ": " + invalid.detail();
          case Refusal.Protocol protocol -> protocol.reason().toLowerCase(Locale.ROOT);
          case Refusal.Denied denied -> word + ": " + denied.reason();
          case Refusal.Overloaded overloaded -> word + ": " + overloaded.limit();
          case Refusal.DependencyUnavailable missing -> word + ": " + missing.dependency();
          case Refusal.Unauthenticated none -> word;
          case Refusal.PolicyUnavailable none -> word;
          case Refusal.AuditUnavailable none -> word;
          case Refusal.Draining none -> word;
          case Refusal.DeadlineExceeded none -> word;
          case Refusal.Cancelled none -> word;
          case Refusal.Unreachable none -> word;
          case Refusal.RefusedByPeer none -> word;
          case Refusal.Broken none -> word;
        };
    return said.length() <= MAX_MESSAGE ? said : said.substring(0, MAX_MESSAGE) + "…";
  }
}
