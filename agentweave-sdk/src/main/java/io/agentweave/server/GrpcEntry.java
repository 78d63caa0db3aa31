package io.agentweave.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.a2a.WireNames;
import io.agentweave.call.Deadline;
import io.agentweave.call.Refusal;
import io.agentweave.call.Violation;
import io.agentweave.telemetry.TraceParent;
import io.agentweave.transport.MessageBytes;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a gRPC call: gathers its one message on the event loop, and hands the call
 * over to its own thread once it is whole, or once it is clear that it never will be.
 */
final class GrpcEntry extends ServerCall.Listener<ByteString> {
  static final Attributes.Key<PeerConnection> CONNECTION =
      Attributes.Key.create("agentweave-peer-connection");

  /**
   * A caller's clock starts before its headers are read here, so that it gives up a little earlier
   * than the deadline that was read from them.
   */
  private static final long HEADSTART_OF_THE_CALLER_MILLIS = 500;

  private static final Metadata.Key<String> VERSION = ascii(WireNames.VERSION_HEADER);
  private static final Metadata.Key<String> TRACEPARENT = ascii(WireNames.TRACEPARENT_HEADER);
  private static final Metadata.Key<String> TRACESTATE = ascii(WireNames.TRACESTATE_HEADER);

  private final CallRunner runner;
  private final StreamEnd end;
  private final Rpc rpc;
  private final Slot slot;
  private final CallHeaders headers;
  private final Deadline deadline;
  private final Optional<PeerConnection> connection;
  private final WorkGuard guard;
  private final GrpcExchange exchange;
  private final int maxMessageBytes;
  private final AtomicBoolean begun = new AtomicBoolean();
  private @Nullable ByteString message;

  private GrpcEntry(
      CallRunner runner,
      Rpc rpc,
      int maxMessageBytes,
      ServerCall<ByteString, Message> call,
      Metadata metadata) {
    this.runner = runner;
    this.rpc = rpc;
    this.maxMessageBytes = maxMessageBytes;
    end = StreamEnd.claim(this::onBytes);
    connection = Optional.ofNullable(call.getAttributes().get(CONNECTION));
    slot = runner.arrive(connection.map(PeerConnection::spiffeId));
    headers =
        new CallHeaders(
            ProtocolVersion.of(metadata.get(VERSION)),
            TraceParent.parseOnly(metadata.getAll(TRACEPARENT), metadata.getAll(TRACESTATE)),
            call.getMethodDescriptor().getFullMethodName());
    io.grpc.Deadline asked = Context.current().getDeadline();
    deadline =
        asked == null
            ? slot.limit()
            : slot.limit().capped(Duration.ofNanos(asked.timeRemaining(TimeUnit.NANOSECONDS)));
    guard = runner.guard();
    exchange =
        new GrpcExchange(
            call,
            slot.requestId(),
            headers.version().orElse(ProtocolVersion.V1_0_1),
            slot.limit(),
            runner.requestTimeout(),
            connection);
  }

  static GrpcEntry open(
      CallRunner runner,
      Rpc rpc,
      int maxMessageBytes,
      ServerCall<ByteString, Message> call,
      Metadata metadata) {
    GrpcEntry entry = new GrpcEntry(runner, rpc, maxMessageBytes, call, metadata);
    entry.guard.setDeadline(entry.deadline, entry::onDeadline);
    if (entry.slot.turnedAway().isPresent()) {
      entry.begin(new Arrival.TurnedAway(entry.slot.turnedAway().get()));
    } else if (!entry.end.timely()) {
      entry.begin(
          new Arrival.TurnedAway(
              invalid("grpc-timeout is at most eight digits and a unit", "another form")));
    } else if (rpc == Rpc.UNKNOWN) {
      entry.begin(new Arrival.Complete(ByteString.EMPTY));
    } else {
      // Two, so that a second message shows itself.
      call.request(2);
    }
    return entry;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // one object stands for what is no message
  public void onMessage(ByteString received) {
    if (received == MessageBytes.UNREADABLE) {
      begin(
          new Arrival.TurnedAway(
              invalid("a request has at most " + maxMessageBytes + " bytes", "more, unpacked")));
    }
    if (message != null) {
      begin(new Arrival.TurnedAway(invalid("a request is one message", "more than one")));
    }
    // Unpacked it may be a thousand times what came in.
    if (begun.get()
        || (connection.isPresent()
            && !slot.takeUpTo(connection.get().spiffeId(), received.size()))) {
      message = null;
      begin(new Arrival.TurnedAway(InflightBytes.refusal()));
    } else {
      message = received;
    }
  }

  /** Counts a message while it arrives, so that long ones that never end are cut off. */
  private void onBytes(long bytes) {
    if (connection.isPresent() && !slot.take(connection.get().spiffeId(), bytes) && !begun.get()) {
      message = null;
      begin(new Arrival.TurnedAway(InflightBytes.refusal()));
    }
  }

  @Override
  public void onHalfClose() {
    ByteString whole = message;
    begin(
        whole == null
            ? new Arrival.TurnedAway(invalid("a request is one message", "none"))
            : new Arrival.Complete(whole));
  }

  @Override
  public void onReady() {
    exchange.stirred(false);
  }

  @Override
  public void onComplete() {
    exchange.stirred(true);
  }

  @Override
  public void onCancel() {
    exchange.stirred(true);
    Status status = end.status();
    begin(new Arrival.TurnedAway(refusal(status, maxMessageBytes)));
    boolean late = deadline.remainingMillis() <= HEADSTART_OF_THE_CALLER_MILLIS;
    guard.stop(late ? WorkGuard.Cause.DEADLINE_OF_CALLER : WorkGuard.Cause.CALLER_GONE);
  }

  private void onDeadline() {
    begin(
        new Arrival.TurnedAway(
            new Refusal.DeadlineExceeded("it passed before the call was whole")));
    guard.stop(WorkGuard.Cause.DEADLINE);
  }

  /** Why the transport ended a stream that nobody had answered. */
  static Refusal refusal(@Nullable Status status, int maxMessageBytes) {
    if (status == null) {
      return new Refusal.Cancelled("the caller went away");
    }
    String detail = "the transport said " + status.getCode() + ": " + status.getDescription();
    return switch (status.getCode()) {
      case RESOURCE_EXHAUSTED ->
          invalid("a request has at most " + maxMessageBytes + " bytes", detail);
      case UNIMPLEMENTED -> new Refusal.Protocol(RequestReader.UNKNOWN_METHOD, detail);
      case DEADLINE_EXCEEDED -> new Refusal.DeadlineExceeded(detail);
      default -> new Refusal.Cancelled(detail);
    };
  }

  private void begin(Arrival arrival) {
    if (begun.compareAndSet(false, true)) {
      runner.start(
          new ReceivedCall(
              slot,
              rpc,
              headers,
              arrival,
              deadline,
              connection,
              guard,
              exchange,
              new Observation(slot.requestId(), rpc)));
    }
  }

  private static Refusal invalid(String rule, String shape) {
    return new Refusal.Invalid(List.of(new Violation("", rule, shape)));
  }

  private static Metadata.Key<String> ascii(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
