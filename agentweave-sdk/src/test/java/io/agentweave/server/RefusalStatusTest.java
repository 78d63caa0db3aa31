package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.agentweave.a2a.ProtocolError;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.call.Violation;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RefusalStatusTest {
  private static final String SECRET = "secret detail";

  static Stream<Refusal> everyKind() {
    return Stream.of(
        new Refusal.Unauthenticated("expired_secret_rule", SECRET),
        new Refusal.Denied("d-1", "not_granted", SECRET),
        new Refusal.PolicyUnavailable("d-2", SECRET),
        new Refusal.AuditUnavailable(SECRET),
        new Refusal.Overloaded("peer_rate", Duration.ofMillis(1500), SECRET),
        new Refusal.Draining(SECRET),
        new Refusal.Invalid(List.of(new Violation("a.b", "is a number", "text"))),
        new Refusal.DeadlineExceeded(SECRET),
        new Refusal.Cancelled(SECRET),
        ProtocolError.TASK_NOT_FOUND.refusal(SECRET),
        new Refusal.DependencyUnavailable("database", SECRET),
        new Refusal.Unreachable(SECRET),
        new Refusal.RefusedByPeer(RefusalKind.DENIED, "not_granted", "d-3", null, SECRET),
        new Refusal.Broken(SECRET));
  }

  private static Status status(Refusal refusal) {
    return RefusalStatus.of(refusal, "r-1", ProtocolVersion.V1_0_1);
  }

  private static <T extends com.google.protobuf.Message> List<T> details(
      Status status, Class<T> type) {
    return status.getDetailsList().stream()
        .filter(any -> any.is(type))
        .map(
            any -> {
              try {
                return any.unpack(type);
              } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
              }
            })
        .toList();
  }

  @Test
  void theTableCoversEveryKind() {
    assertThat(everyKind().map(Refusal::kind)).containsExactlyInAnyOrder(RefusalKind.values());
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void callerLearnsKindAndId_andNoDetail(Refusal refusal) {
    Status status = status(refusal);
    assertThat(status.getCode()).isNotEqualTo(Code.OK_VALUE);
    assertThat(status.toString()).doesNotContain("secret");
    ErrorInfo info = details(status, ErrorInfo.class).getFirst();
    assertThat(info.getMetadataOrThrow("request_id")).isEqualTo("r-1");
    if (!(refusal instanceof Refusal.Protocol)) {
      assertThat(info.getDomain()).isEqualTo("agentweave.io");
      assertThat(info.getReason()).isEqualTo(refusal.kind().name());
    }
    assertThat(details(status, RetryInfo.class)).hasSize(refusal.kind().retryable() ? 1 : 0);
  }

  @Test
  void overloaded_saysWhenToComeBack() {
    RetryInfo retry =
        details(
                status(new Refusal.Overloaded("peer_rate", Duration.ofMillis(1500), "")),
                RetryInfo.class)
            .getFirst();
    assertThat(retry.getRetryDelay().getSeconds()).isEqualTo(1);
    assertThat(retry.getRetryDelay().getNanos()).isEqualTo(500_000_000);
  }

  @ParameterizedTest
  @EnumSource(ProtocolError.class)
  void protocolErrors_areInTheProtocolsOwnDomain(ProtocolError error) {
    ErrorInfo info = details(status(error.refusal("")), ErrorInfo.class).getFirst();
    assertThat(info.getDomain()).isEqualTo("a2a-protocol.org");
    assertThat(info.getReason()).isEqualTo(error.name());
  }

  @ParameterizedTest
  @EnumSource(
      value = ProtocolError.class,
      names = {"PUSH_NOTIFICATION_NOT_SUPPORTED", "UNSUPPORTED_OPERATION", "VERSION_NOT_SUPPORTED"})
  void someErrors_hadAnotherStatusBefore101(ProtocolError error) {
    assertThat(RefusalStatus.code(error.refusal(""), ProtocolVersion.V1_0_0))
        .isEqualTo(Code.UNIMPLEMENTED);
    assertThat(RefusalStatus.code(error.refusal(""), ProtocolVersion.V1_0_1))
        .isEqualTo(Code.FAILED_PRECONDITION);
  }

  @Test
  void manyViolations_fitIntoWhatClientsTake_andTheRestIsCounted() {
    List<Violation> many =
        Arrays.stream(new int[2_000])
            .mapToObj(i -> new Violation("events[" + i + "].timestamp", "has an offset", "text"))
            .toList();
    Status status = status(new Refusal.Invalid(many));
    assertThat(status.getSerializedSize()).isLessThan(5_000);
    BadRequest fields = details(status, BadRequest.class).getFirst();
    assertThat(fields.getFieldViolations(fields.getFieldViolationsCount() - 1).getDescription())
        .isEqualTo((2_000 - fields.getFieldViolationsCount() + 1) + " more");
  }
}
