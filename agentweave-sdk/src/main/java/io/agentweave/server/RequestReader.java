package io.agentweave.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.agentweave.a2a.ParsedSize;
import io.agentweave.a2a.ProtocolError;
import io.agentweave.a2a.v1.CancelTaskRequest;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.ListTasksRequest;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.SubscribeToTaskRequest;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.call.Refusal;
import io.agentweave.call.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the bytes of a request as far as to know what it asks for. Never throws. */
final class RequestReader {
  private static final Logger log = LoggerFactory.getLogger(RequestReader.class);

  /** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
  private static final long FIRST_SECOND = -62_135_596_800L;

  private static final long LAST_SECOND = 253_402_300_799L;
  private static final int NANOS_OF_A_SECOND = 1_000_000_000;

  private final SendReader sends;

  RequestReader(CapabilityCatalogue catalogue, int maxPayloadBytes) {
    sends = new SendReader(catalogue, maxPayloadBytes);
  }

  /**
   * @param room takes so many bytes, unpacked and parsed, for as long as the call is inside; false
   *     when there is none
   */
  Asked read(Rpc rpc, CallHeaders headers, ByteString bytes, LongPredicate room) {
    if (rpc == Rpc.UNKNOWN) {
      return Asked.unreadable(rpc, new Refusal.Protocol(UNKNOWN_METHOD, headers.method()));
    }
    if (rpc.inService() && headers.version().isEmpty()) {
      return Asked.unreadable(
          rpc, ProtocolError.VERSION_NOT_SUPPORTED.refusal("spoken here are 1.0 and its patches"));
    }
    try {
      long parsed = ParsedSize.of(rpc.request().getDescriptorForType(), bytes);
      if (parsed > ParsedSize.MOST) {
        return invalid(
            rpc,
            "a request has fewer parts, values and fields; JSON of so many travels in a raw part",
            "more in " + bytes.size() + " bytes");
      }
      if (!room.test(bytes.size() + parsed)) {
        return Asked.unreadable(rpc, InflightBytes.refusal());
      }
      // These bytes never change, so the parsed ones may be views of them.
      CodedInputStream input = bytes.newCodedInput();
      input.enableAliasing(true);
      Message message = rpc.request().getParserForType().parseFrom(input);
      return read(rpc, message, bytes);
    } catch (InvalidProtocolBufferException e) {
      return malformed(rpc, bytes.size());
    } catch (RuntimeException | StackOverflowError e) {
      log.error("a request of {} bytes could not be read", bytes.size(), e);
      return Asked.unreadable(
          rpc, new Refusal.Broken(e.getClass().getName() + " in the reader; see the log"));
    }
  }

  /** The reason of a refusal to do what is no method here. */
  static final String UNKNOWN_METHOD = "METHOD_NOT_FOUND";

  private Asked read(Rpc rpc, Message message, ByteString bytes) {
    return switch (rpc) {
      case SEND_MESSAGE, SEND_STREAMING_MESSAGE ->
          sends.read(rpc, (SendMessageRequest) message, bytes);
      case GET_TASK -> {
        GetTaskRequest get = (GetTaskRequest) message;
        List<Violation> wrong = idViolations(get.getId());
        historyLength(get.hasHistoryLength(), get.getHistoryLength(), "history_length", wrong);
        yield checked(rpc, wrong, new Operation.GetTask(get));
      }
      case LIST_TASKS -> {
        ListTasksRequest list = (ListTasksRequest) message;
        yield checked(rpc, listViolations(list), new Operation.ListTasks(list));
      }
      case CANCEL_TASK -> {
        CancelTaskRequest cancel = (CancelTaskRequest) message;
        yield checked(rpc, idViolations(cancel.getId()), new Operation.CancelTask(cancel));
      }
      case SUBSCRIBE_TO_TASK -> {
        SubscribeToTaskRequest subscribe = (SubscribeToTaskRequest) message;
        yield checked(rpc, idViolations(subscribe.getId()), new Operation.Subscribe(subscribe));
      }
      case CREATE_PUSH_CONFIG, GET_PUSH_CONFIG, LIST_PUSH_CONFIGS, DELETE_PUSH_CONFIG ->
          Asked.readable(new Operation.PushConfig(), rpc.action());
      case GET_EXTENDED_CARD, GET_CARD -> Asked.readable(new Operation.ReadCard(), rpc.action());
      case UNKNOWN -> throw new IllegalStateException("refused before");
    };
  }

  private static Asked checked(Rpc rpc, List<Violation> wrong, Operation operation) {
    return wrong.isEmpty()
        ? Asked.readable(operation, rpc.action())
        : Asked.unreadable(rpc, new Refusal.Invalid(wrong));
  }

  private static List<Violation> idViolations(String id) {
    List<Violation> wrong = new ArrayList<>();
    if (id.isEmpty()) {
      wrong.add(new Violation("id", "is required", "nothing"));
    }
    // Policy, its memory of answers, audit and traces are told of it.
    if (id.length() > SendReader.MAX_ID_LENGTH) {
      wrong.add(SendReader.tooLong("id", id));
    }
    return wrong;
  }

  private static List<Violation> listViolations(ListTasksRequest list) {
    List<Violation> wrong = new ArrayList<>();
    if (list.hasPageSize() && (list.getPageSize() < 1 || list.getPageSize() > 100)) {
      wrong.add(new Violation("page_size", "is between 1 and 100", "" + list.getPageSize()));
    }
    if (!list.getPageToken().isEmpty() && PageToken.parse(list.getPageToken()).isEmpty()) {
      wrong.add(
          new Violation(
              "page_token",
              "is one that an earlier answer gave",
              list.getPageToken().length() + " characters that are not"));
    }
    historyLength(list.hasHistoryLength(), list.getHistoryLength(), "history_length", wrong);
    if (list.getStatus() == TaskState.UNRECOGNIZED) {
      wrong.add(new Violation("status", "is a state of A2A 1.0", "" + list.getStatusValue()));
    }
    if (!isTime(list.getStatusTimestampAfter())) {
      wrong.add(
          new Violation(
              "status_timestamp_after",
              "is in the years 1 to 9999, with less than a second of nanoseconds",
              "another time"));
    }
    return wrong;
  }

  /** By the rules of google.protobuf.Timestamp. */
  private static boolean isTime(Timestamp time) {
    return time.getSeconds() >= FIRST_SECOND
        && time.getSeconds() <= LAST_SECOND
        && time.getNanos() >= 0
        && time.getNanos() < NANOS_OF_A_SECOND;
  }

  static Optional<Integer> historyLength(
      boolean present, int length, String field, List<Violation> wrong) {
    if (present && length < 0) {
      wrong.add(new Violation(field, "is not negative", "" + length));
    }
    return present ? Optional.of(length) : Optional.empty();
  }

  private static Asked malformed(Rpc rpc, int size) {
    return invalid(
        rpc,
        "the message is a " + rpc.request().getDescriptorForType().getFullName(),
        size + " bytes that are not");
  }

  private static Asked invalid(Rpc rpc, String rule, String shape) {
    return Asked.unreadable(rpc, new Refusal.Invalid(List.of(new Violation("", rule, shape))));
  }
}
