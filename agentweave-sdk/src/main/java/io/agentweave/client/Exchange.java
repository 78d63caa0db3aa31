package io.agentweave.client;

import io.agentweave.a2a.WireNames;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Stage;
import io.agentweave.call.TraceContext;
import io.agentweave.telemetry.Telemetry;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The innermost step: one request, one answer, over the channel.
 *
 * @param method of the A2A service
 * @param request the message, made anew for each attempt
 * @param reading what the answer means
 */
record Exchange<Q, A, R>(
    Telemetry telemetry,
    MethodDescriptor<Q, A> method,
    Q request,
    Function<A, CallOutcome<R>> reading)
    implements Stage.Next<Connected, R> {

  private static final Metadata.Key<String> VERSION = key(WireNames.VERSION_HEADER);
  private static final Metadata.Key<String> TRACEPARENT = key(WireNames.TRACEPARENT_HEADER);
  private static final Metadata.Key<String> TRACESTATE = key(WireNames.TRACESTATE_HEADER);

  @Override
  public CallOutcome<R> proceed(Connected connected) {
    try {
      A answer =
          ClientCalls.blockingUnaryCall(
              channel(telemetry, connected), method, options(connected), request);
      return reading.apply(answer);
    } catch (StatusRuntimeException e) {
      return CallOutcome.refused(Failure.of(e, connected));
    }
  }

  static Channel channel(Telemetry telemetry, Connected connected) {
    Metadata headers = new Metadata();
    headers.put(VERSION, WireNames.VERSION);
    TraceContext trace = telemetry.currentTrace();
    if (trace != null) {
      headers.put(TRACEPARENT, trace.traceparent());
      if (!trace.state().isEmpty()) {
        headers.put(TRACESTATE, trace.state());
      }
    }
    return ClientInterceptors.intercept(
        connected.channel().grpc(), MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  static CallOptions options(Connected connected) {
    return CallOptions.DEFAULT
        .withDeadlineAfter(
            connected.outgoing().call().deadline().remaining().toNanos(), TimeUnit.NANOSECONDS)
        .withStreamTracerFactory(new MarkSent(connected.attempt()));
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** Learns from the transport whether anything has left this agent. */
  private static final class MarkSent extends ClientStreamTracer.Factory {
    private final Attempt attempt;

    MarkSent(Attempt attempt) {
      this.attempt = attempt;
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(
        ClientStreamTracer.StreamInfo info, Metadata headers) {
      return new ClientStreamTracer() {
        @Override
        public void outboundHeaders() {
          attempt.markSent();
        }
      };
    }
  }
}
