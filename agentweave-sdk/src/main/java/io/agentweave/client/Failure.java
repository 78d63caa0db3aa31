package io.agentweave.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.agentweave.a2a.WireNames;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.identity.Rejected;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the end of an attempt that got no answer: the target's refusal when it said one, else what
 * happened to the connection.
 */
final class Failure {
  private Failure() {}

  static Refusal of(StatusRuntimeException e, Connected connected) {
    com.google.rpc.Status said = StatusProto.fromThrowable(e);
    Optional<ErrorInfo> info = said == null ? Optional.empty() : detail(said, ErrorInfo.class);
    if (said != null && info.isPresent()) {
      return refusedByPeer(said, info.get());
    }
    Optional<Rejected> rejected = connected.channel().rejected();
    Optional<String> severed = connected.channel().severedBecause();
    return switch (e.getStatus().getCode()) {
      case CANCELLED ->
          severed
              .<Refusal>map(why -> untrusted(connected, why))
              .orElseGet(() -> new Refusal.Cancelled("the caller gave up"));
      case DEADLINE_EXCEEDED ->
          new Refusal.DeadlineExceeded(
              "no answer of %s in time".formatted(connected.outgoing().target()));
      case UNAVAILABLE, UNKNOWN, INTERNAL -> {
        if (severed.isPresent()) {
          yield untrusted(connected, severed.get());
        }
        if (!connected.attempt().sent() && rejected.isPresent()) {
          yield new Refusal.Unauthenticated(
              rejected.get().rule().word(),
              "who listens at %s is not proven to be %s: %s"
                  .formatted(
                      connected.located().address(),
                      connected.outgoing().target(),
                      rejected.get().detail()));
        }
        yield TransportFault.of(e.getStatus(), connected);
      }
      case OK,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          DATA_LOSS,
          UNAUTHENTICATED ->
          new Refusal.RefusedByPeer(
              null, word(e.getStatus()), null, null, oneLine(e.getStatus().getDescription()));
    };
  }

  private static Refusal untrusted(Connected connected, String why) {
    return new Refusal.Unauthenticated(
        "no_longer_trusted",
        "the connection to %s was closed: %s".formatted(connected.outgoing().target(), why));
  }

  private static Refusal refusedByPeer(com.google.rpc.Status said, ErrorInfo info) {
    RefusalKind kind = kind(info);
    String reason = info.getMetadataOrDefault(WireNames.INFO_REASON, "");
    Duration retryAfter =
        detail(said, RetryInfo.class)
            .map(RetryInfo::getRetryDelay)
            .filter(Durations::isValid)
            .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()))
            .filter(Duration::isPositive)
            .orElse(null);
    String decisionId = info.getMetadataOrDefault(WireNames.INFO_DECISION_ID, "");
    return new Refusal.RefusedByPeer(
        kind,
        reason.isEmpty() ? info.getReason().toLowerCase(Locale.ROOT) : reason,
        decisionId.isEmpty() ? null : decisionId,
        retryAfter,
        said(said));
  }

  private static @Nullable RefusalKind kind(ErrorInfo info) {
    return switch (info.getDomain()) {
      case WireNames.A2A_DOMAIN -> RefusalKind.PROTOCOL;
      case WireNames.AGENTWEAVE_DOMAIN ->
          Arrays.stream(RefusalKind.values())
              .filter(kind -> kind.word().equalsIgnoreCase(info.getReason()))
              .findFirst()
              .orElse(null);
      default -> null;
    };
  }

  /** The message, and the fields that are wrong. */
  private static String said(com.google.rpc.Status said) {
    StringBuilder text = new StringBuilder(oneLine(said.getMessage()));
    detail(said, BadRequest.class)
        .ifPresent(
            bad ->
                bad.getFieldViolationsList()
                    .forEach(
                        violation -> {
                          String line = violation.getField() + ": " + violation.getDescription();
                          if (text.indexOf(line) < 0) {
                            text.append(text.isEmpty() ? "" : "; ").append(line);
                          }
                        }));
    return text.toString();
  }

  private static <T extends com.google.protobuf.Message> Optional<T> detail(
      com.google.rpc.Status said, Class<T> type) {
    for (Any any : said.getDetailsList()) {
      if (any.is(type)) {
        try {
          return Optional.of(any.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static String word(Status status) {
    return status.getCode().name().toLowerCase(Locale.ROOT);
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }
}
