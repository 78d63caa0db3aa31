package io.agentweave.client;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.agentweave.a2a.AgentCards;
import io.agentweave.a2a.TaskEnd;
import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.TaskUpdate;
import io.agentweave.a2a.WireRequests;
import io.agentweave.a2a.WireResults;
import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.AgentCard;
import io.agentweave.a2a.v1.GetExtendedAgentCardRequest;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.a2a.v1.SendMessageResponse;
import io.agentweave.a2a.v1.SubscribeToTaskRequest;
import io.agentweave.a2a.v1.Task;
import io.agentweave.call.Call;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.CurrentCall;
import io.agentweave.call.Deadline;
import io.agentweave.call.Direction;
import io.agentweave.call.Payload;
import io.agentweave.call.RandomUuid;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.call.Stage;
import io.agentweave.call.SteadyClock;
import io.agentweave.call.Violation;
import io.agentweave.identity.IdentitySnapshot;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.AgentMeter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Calls A2A servers over gRPC. */
final class GrpcAgentClient implements AgentClient {
  private static final Exchange.Method<SendMessageRequest, SendMessageResponse> SEND_MESSAGE =
      Exchange.Method.of(
          A2AServiceGrpc.getSendMessageMethod(), SendMessageResponse.getDefaultInstance());
  private static final Exchange.Method<GetTaskRequest, Task> GET_TASK =
      Exchange.Method.of(A2AServiceGrpc.getGetTaskMethod(), Task.getDefaultInstance());
  private static final Exchange.Method<GetExtendedAgentCardRequest, AgentCard> GET_CARD =
      Exchange.Method.of(
          A2AServiceGrpc.getGetExtendedAgentCardMethod(), AgentCard.getDefaultInstance());

  private final ClientParts parts;
  private final PeerChannels channels;
  private final Stage<Outgoing, Connected, TaskResult> runs;
  private final Stage<Outgoing, Connected, Payload> reads;

  GrpcAgentClient(ClientParts parts) {
    this.parts = parts;
    this.channels =
        new PeerChannels(parts.identity(), parts.transport().connectionPool(), parts.telemetry());
    Breakers breakers =
        new Breakers(
            target ->
                new TargetBreaker(
                    target,
                    parts.transport().circuitBreaker(),
                    SteadyClock.clock(),
                    () -> channels.discardAll(target)));
    parts.telemetry().gauge(AgentMeter.CIRCUITS_OPEN, breakers::open);
    this.runs = OutboundChain.of(parts, channels, breakers);
    this.reads = OutboundChain.of(parts, channels, breakers);
  }

  @Override
  public CallOutcome<TaskResult> call(CallRequest request) {
    Call call =
        outbound("SendMessage", request.capability(), null, request.payload(), request.timeout());
    return runs.pass(
        outgoing(call, request.target(), request.address(), request.idempotent()),
        new Exchange<>(
            parts.telemetry(),
            SEND_MESSAGE,
            WireRequests.send(call.requestId(), request.capability(), request.payload()),
            answer -> answered(WireResults.read(answer))));
  }

  @Override
  public CallOutcome<TaskResult> stream(CallRequest request, Consumer<TaskUpdate> listener) {
    Call call =
        outbound(
            "SendStreamingMessage",
            request.capability(),
            null,
            request.payload(),
            request.timeout());
    return heard(
        outgoing(call, request.target(), request.address(), request.idempotent()),
        new Following<>(
            parts.telemetry(),
            A2AServiceGrpc.getSendStreamingMessageMethod(),
            WireRequests.send(call.requestId(), request.capability(), request.payload()),
            listener,
            GrpcAgentClient::answered));
  }

  @Override
  public CallOutcome<TaskResult> follow(
      SpiffeId target,
      String taskId,
      Optional<String> address,
      Duration timeout,
      Consumer<TaskUpdate> listener) {
    Call call = outbound("SubscribeToTask", "task.subscribe", taskId, Payload.empty(), timeout);
    return heard(
        outgoing(call, target, address, true),
        new Following<>(
            parts.telemetry(),
            A2AServiceGrpc.getSubscribeToTaskMethod(),
            SubscribeToTaskRequest.newBuilder().setId(taskId).build(),
            listener,
            GrpcAgentClient::answered));
  }

  private CallOutcome<TaskResult> heard(Outgoing outgoing, Following<?, TaskResult> following) {
    CallOutcome<TaskResult> outcome = runs.pass(outgoing, following);
    following.rethrow();
    return outcome;
  }

  private static CallOutcome<TaskResult> answered(TaskEnd end) {
    return switch (end) {
      case TaskEnd.Ended(TaskResult result) ->
          new CallOutcome.Answered<>(result, result.isCompleted());
      case TaskEnd.NotEnded(String taskId, var state) ->
          CallOutcome.refused(
              new Refusal.RefusedByPeer(
                  null,
                  state.name().toLowerCase(Locale.ROOT),
                  null,
                  null,
                  "task " + taskId + " came to no result"));
      case TaskEnd.Unreadable(List<Violation> violations) ->
          CallOutcome.refused(
              new Refusal.RefusedByPeer(
                  RefusalKind.PROTOCOL,
                  "invalid_agent_response",
                  null,
                  null,
                  violations.stream().map(Violation::toString).collect(Collectors.joining("; "))));
    };
  }

  @Override
  public CallOutcome<Payload> card(SpiffeId target, Optional<String> address, Duration timeout) {
    Call call = outbound("GetExtendedAgentCard", "card.read", null, Payload.empty(), timeout);
    return reads.pass(
        outgoing(call, target, address, true),
        new Exchange<>(
            parts.telemetry(),
            GET_CARD,
            GetExtendedAgentCardRequest.getDefaultInstance(),
            card -> CallOutcome.completed(AgentCards.json(card))));
  }

  @Override
  public CallOutcome<Payload> task(
      SpiffeId target, String taskId, Optional<String> address, Duration timeout) {
    Call call = outbound("GetTask", "task.get", taskId, Payload.empty(), timeout);
    return reads.pass(
        outgoing(call, target, address, true),
        new Exchange<>(
            parts.telemetry(),
            GET_TASK,
            GetTaskRequest.newBuilder().setId(taskId).build(),
            task -> CallOutcome.completed(json(task))));
  }

  private static Payload json(Task task) {
    try {
      return Payload.ofJson(JsonFormat.printer().omittingInsignificantWhitespace().print(task));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a task holds nothing that JSON can't say", e);
    }
  }

  private static Call outbound(
      String rpc, String action, @Nullable String taskId, Payload payload, Duration timeout) {
    Deadline deadline =
        CurrentCall.get()
            .map(served -> served.deadline().capped(timeout))
            .orElseGet(() -> Deadline.in(timeout));
    return new Call(RandomUuid.next(), Direction.OUTBOUND, rpc, action, taskId, payload, deadline);
  }

  private Outgoing outgoing(
      Call call, SpiffeId target, Optional<String> address, boolean idempotent) {
    IdentitySnapshot self = parts.identity().current();
    return new Outgoing(
        call, self.spiffeId(), self.svidSerial(), target, address, idempotent, new Trail());
  }

  @Override
  public void close() {
    channels.close();
  }
}
