package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;

/** A refusal as its caller sees it. */
record Refused(Status.Code code, String reason, String domain, com.google.rpc.Status status) {

  /** Runs {@code call}, which has to be refused. */
  static Refused by(Runnable call) {
    StatusRuntimeException[] thrown = new StatusRuntimeException[1];
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(StatusRuntimeException.class, e -> thrown[0] = e);
    return of(thrown[0]);
  }

  static Refused of(StatusRuntimeException thrown) {
    com.google.rpc.Status status = StatusProto.fromThrowable(thrown);
    if (status == null) {
      return fail("no status", thrown);
    }
    Optional<ErrorInfo> info = detail(status, ErrorInfo.class);
    return new Refused(
        thrown.getStatus().getCode(),
        info.map(ErrorInfo::getReason).orElse(""),
        info.map(ErrorInfo::getDomain).orElse(""),
        status);
  }

  String info(String key) {
    return detail(status, ErrorInfo.class).orElseThrow().getMetadataOrDefault(key, "");
  }

  <T extends Message> Optional<T> detail(Class<T> type) {
    return detail(status, type);
  }

  private static <T extends Message> Optional<T> detail(
      com.google.rpc.Status status, Class<T> type) {
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return Optional.of(any.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return Optional.empty();
  }
}
