package io.agentweave.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.agentweave.a2a.WireNames;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Stage;
import io.agentweave.call.TraceContext;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.transport.MessageBytes;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.util.function.Function;

/**
 * The innermost step: one request, one answer, over the channel.
 *
 * @param method of the A2A service
 * @param request the message, made anew for each attempt
 * @param reading what the answer means
 */
record Exchange<Q, A extends Message, R>(
    Telemetry telemetry, Method<Q, A> method, Q request, Function<A, CallOutcome<R>> reading)
    implements Stage.Next<Connected, R> {

  private static final Metadata.Key<String> VERSION = key(WireNames.VERSION_HEADER);
  private static final Metadata.Key<String> TRACEPARENT = key(WireNames.TRACEPARENT_HEADER);
  private static final Metadata.Key<String> TRACESTATE = key(WireNames.TRACESTATE_HEADER);

  /**
   * A unary method.
   *
   * @param wire takes its answers as bytes
   * @param answers what they are read as
   */
  record Method<Q, A extends Message>(MethodDescriptor<Q, ByteString> wire, A answers) {

    static <Q, A extends Message> Method<Q, A> of(MethodDescriptor<Q, A> typed, A answers) {
      return new Method<>(
          typed.toBuilder(typed.getRequestMarshaller(), MessageBytes.AS_THEY_ARE).build(), answers);
    }
  }

  @Override
  public CallOutcome<R> proceed(Connected connected) {
    Context.CancellableContext inTime = connected.whileInTime();
    Context before = inTime.attach();
    try {
      return reading.apply(
          UnaryCall.make(
              connected.channel().grpc(),
              method.wire(),
              method.answers(),
              options(connected),
              headers(telemetry),
              request));
    } catch (StatusRuntimeException e) {
      return CallOutcome.refused(Failure.of(e, connected));
    } finally {
      inTime.detach(before);
      inTime.cancel(null);
    }
  }

  /** What travels before the message. */
  static Metadata headers(Telemetry telemetry) {
    Metadata headers = new Metadata();
    headers.put(VERSION, WireNames.VERSION);
    TraceContext trace = telemetry.currentTrace();
    if (trace != null) {
      headers.put(TRACEPARENT, trace.traceparent());
      if (!trace.state().isEmpty()) {
        headers.put(TRACESTATE, trace.state());
      }
    }
    return headers;
  }

  static CallOptions options(Connected connected) {
    return CallOptions.DEFAULT.withStreamTracerFactory(new Marks(connected.attempt()));
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** Learns from the transport how far the request came. */
  private static final class Marks extends ClientStreamTracer.Factory {
    private final Attempt attempt;

    Marks(Attempt attempt) {
      this.attempt = attempt;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void streamCreated(Attributes transport, Metadata headers) {
          attempt.markConnected();
        }

        @Override
        public void outboundHeaders() {
          attempt.markSent();
        }

        @Override
        public void inboundHeaders() {
          attempt.markAnswered();
        }

        @Override
        public void inboundTrailers(Metadata trailers) {
          attempt.markAnswered();
        }
      };
    }
  }
}
