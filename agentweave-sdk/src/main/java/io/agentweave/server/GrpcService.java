package io.agentweave.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.call.CallOutcome;
import io.agentweave.transport.MessageBytes;
import io.grpc.HandlerRegistry;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Binds every method of A2A, and every other that a peer may try, to the one chain. Requests arrive
 * as bytes: nothing of them is parsed on the event loop.
 */
final class GrpcService {
  private static final int MAX_METHOD_LENGTH = 200;

  private final CallRunner runner;
  private final int maxMessageBytes;

  GrpcService(CallRunner runner, int maxMessageBytes) {
    this.runner = runner;
    this.maxMessageBytes = maxMessageBytes;
  }

  ServerServiceDefinition definition() {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(A2AServiceGrpc.SERVICE_NAME);
    for (Rpc rpc : Rpc.values()) {
      if (rpc.inService()) {
        String name =
            MethodDescriptor.generateFullMethodName(A2AServiceGrpc.SERVICE_NAME, rpc.method());
        service.addMethod(method(rpc, name));
      }
    }
    return service.build();
  }

  /** Leads unknown methods through the chain as well. */
  HandlerRegistry unknownMethods() {
    return new HandlerRegistry() {
      @Override
      public ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
        return method(
            Rpc.UNKNOWN,
            name.length() <= MAX_METHOD_LENGTH ? name : name.substring(0, MAX_METHOD_LENGTH));
      }
    };
  }

  /** Records a stream that the transport ended before it had a handler. */
  void unclaimed(String method, Status status) {
    Slot slot = runner.arrive(Optional.empty());
    runner.start(
        new ReceivedCall(
            slot,
            Rpc.UNKNOWN,
            new CallHeaders(Optional.empty(), null, method),
            new Arrival.TurnedAway(GrpcEntry.refusal(status, maxMessageBytes)),
            slot.limit(),
            Optional.empty(),
            runner.guard(),
            new ClosedExchange(),
            new Observation(slot.requestId(), Rpc.UNKNOWN)));
  }

  private ServerMethodDefinition<ByteString, Message> method(Rpc rpc, String name) {
    MethodDescriptor<ByteString, Message> descriptor =
        MethodDescriptor.<ByteString, Message>newBuilder()
            .setType(
                rpc.streaming()
                    ? MethodDescriptor.MethodType.SERVER_STREAMING
                    : MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(name)
            .setRequestMarshaller(MessageBytes.AS_THEY_ARE)
            .setResponseMarshaller(ProtoUtils.marshaller((Message) Empty.getDefaultInstance()))
            .build();
    return ServerMethodDefinition.create(
        descriptor, (call, headers) -> GrpcEntry.open(runner, rpc, maxMessageBytes, call, headers));
  }

  /** Nobody is left to answer. */
  private static final class ClosedExchange implements Exchange {
    @Override
    public void answerEarly(Message reply) {}

    @Override
    public boolean stream(io.agentweave.a2a.v1.StreamResponse event) {
      return false;
    }

    @Override
    public void finish(CallOutcome<Reply> outcome) {}

    @Override
    public boolean callerIsGone() {
      return true;
    }
  }
}
