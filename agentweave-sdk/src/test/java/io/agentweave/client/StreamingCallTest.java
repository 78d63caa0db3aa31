package io.agentweave.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.TaskUpdate;
import io.agentweave.a2a.v1.Artifact;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.Task;
import io.agentweave.a2a.v1.TaskArtifactUpdateEvent;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.a2a.v1.TaskStatus;
import io.agentweave.a2a.v1.TaskStatusUpdateEvent;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.RefusalKind;
import io.agentweave.identity.Authority;
import io.agentweave.identity.SvidMint;
import io.agentweave.identity.SwitchableIdentity;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent follows what another one does: the same chain, and a target that may be hostile. */
class StreamingCallTest {
  private final Authority root = Authority.root("mesh");
  private final SwitchableIdentity self = SwitchableIdentity.of(Caller.SELF, root);
  private final SwitchableIdentity processor =
      SwitchableIdentity.of(Caller.TARGET.toString(), root);
  private final Caller caller = Caller.of(self);
  private final ScriptedPeer peer =
      ScriptedPeer.start(processor, request -> TaskResult.failed("nothing is streamed here"));
  private final List<TaskUpdate> heard = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    caller.close();
    peer.close();
  }

  private CallOutcome<TaskResult> stream() {
    return caller.client.stream(Caller.request(peer.address()), heard::add);
  }

  private static StreamResponse begun() {
    return StreamResponse.newBuilder()
        .setTask(
            Task.newBuilder()
                .setId("t")
                .setStatus(TaskStatus.newBuilder().setState(TaskState.TASK_STATE_WORKING)))
        .build();
  }

  private static StreamResponse piece(String text) {
    return StreamResponse.newBuilder()
        .setArtifactUpdate(
            TaskArtifactUpdateEvent.newBuilder()
                .setTaskId("t")
                .setAppend(true)
                .setArtifact(
                    Artifact.newBuilder()
                        .setArtifactId("story")
                        .addParts(io.agentweave.a2a.v1.Part.newBuilder().setText(text))))
        .build();
  }

  private static StreamResponse done() {
    return StreamResponse.newBuilder()
        .setStatusUpdate(
            TaskStatusUpdateEvent.newBuilder()
                .setTaskId("t")
                .setStatus(TaskStatus.newBuilder().setState(TaskState.TASK_STATE_COMPLETED)))
        .build();
  }

  private static void tellAll(StreamObserver<StreamResponse> answer) {
    answer.onNext(begun());
    answer.onNext(piece("once "));
    answer.onNext(piece("upon"));
    answer.onNext(done());
    answer.onCompleted();
  }

  @Test
  void updates_areHeardInOrder_andTheEndIsTheResult() {
    peer.streams(StreamingCallTest::tellAll);

    assertThat(stream())
        .isInstanceOfSatisfying(
            CallOutcome.Answered.class,
            answered ->
                assertThat(((TaskResult) answered.reply()).artifacts().getFirst().parts())
                    .containsExactly(new Part.TextPart("once "), new Part.TextPart("upon")));
    assertThat(heard).hasSize(3).first().isEqualTo(new TaskUpdate.Begun("t"));
    assertThat(caller.audit.decided()).hasSize(1);
    assertThat(caller.audit.ended())
        .singleElement()
        .satisfies(
            ended -> {
              assertThat(ended.outcome()).isEqualTo("completed");
              assertThat(ended.subject().rpc()).isEqualTo("SendStreamingMessage");
              assertThat(ended.subject().action()).isEqualTo("process_event");
            });
    assertThat(caller.metrics()).contains("agentweave_calls_total{");
  }

  @Test
  void taskOfThisAgent_canBeFollowed_whenPolicyLetsIt() {
    peer.streams(StreamingCallTest::tellAll);

    assertThat(
            Caller.refusal(
                    caller.client.follow(
                        Caller.TARGET,
                        "t",
                        Optional.of(peer.address()),
                        Caller.TIMEOUT,
                        heard::add))
                .kind())
        .isEqualTo(RefusalKind.DENIED);
    caller.policy.allow(Caller.SELF, "task.subscribe");
    assertThat(
            caller.client.follow(
                Caller.TARGET, "t", Optional.of(peer.address()), Caller.TIMEOUT, heard::add))
        .isInstanceOf(CallOutcome.Answered.class);
    assertThat(heard).hasSize(3);
  }

  @Test
  void deniedByOwnPolicy_neverConnects() {
    caller.policy.revoke(Caller.SELF, "process_event");

    assertThat(Caller.refusal(stream()).kind()).isEqualTo(RefusalKind.DENIED);
    assertThat(peer.connections()).isZero();
  }

  @Test
  void unwritableAudit_neverConnects() {
    caller.audit.broken(true);

    assertThat(Caller.refusal(stream()).kind()).isEqualTo(RefusalKind.AUDIT_UNAVAILABLE);
    assertThat(peer.connections()).isZero();
  }

  @Test
  void streamWithoutEnd_endsAtTheDeadline() {
    peer.streams(answer -> answer.onNext(begun()));
    CallRequest request =
        CallRequest.of(Caller.TARGET, "process_event", Payload.empty(), Duration.ofMillis(1500))
            .at(peer.address());

    assertThat(Caller.refusal(caller.client.stream(request, heard::add)).kind())
        .isEqualTo(RefusalKind.DEADLINE_EXCEEDED);
    assertThat(caller.audit.ended().getFirst().outcome()).isEqualTo("deadline_exceeded");
  }

  @Test
  void listenerThatThrows_cancelsTheCall_andItsEndIsWrittenDown() {
    CountDownLatch cancelled = new CountDownLatch(1);
    peer.streams(
        answer -> {
          ((ServerCallStreamObserver<StreamResponse>) answer)
              .setOnCancelHandler(cancelled::countDown);
          answer.onNext(begun());
        });

    assertThatThrownBy(
            () ->
                caller.client.stream(
                    Caller.request(peer.address()),
                    update -> {
                      throw new IllegalStateException("enough");
                    }))
        .hasMessage("enough");
    await().until(() -> cancelled.getCount() == 0);
    assertThat(caller.audit.ended().getFirst().outcome()).isEqualTo("cancelled");
  }

  @Test
  void trustThatIsWithdrawnInTheMiddle_endsTheStream() {
    CountDownLatch begun = new CountDownLatch(1);
    peer.streams(
        answer -> {
          answer.onNext(begun());
          begun.countDown();
        });
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                begun.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              await().until(() -> !heard.isEmpty());
              self.renew(
                  SvidMint.leaf(Caller.SELF).by(root),
                  SwitchableIdentity.bundle("agentweave.io", Authority.root("another")));
            });

    assertThat(Caller.refusal(stream()))
        .isInstanceOfSatisfying(
            Refusal.Unauthenticated.class,
            refusal -> assertThat(refusal.rule()).isEqualTo("no_longer_trusted"));
  }

  @Test
  void streamThatBreaksAfterSomethingWasHeard_isNotMadeAgain() {
    AtomicInteger calls = new AtomicInteger();
    peer.streams(
        answer -> {
          calls.incrementAndGet();
          answer.onNext(begun());
          answer.onError(ScriptedPeer.refusal(RefusalKind.OVERLOADED, "x", Duration.ZERO));
        });

    CallOutcome<TaskResult> outcome =
        caller.client.stream(Caller.request(peer.address()).asIdempotent(), heard::add);

    assertThat(Caller.refusal(outcome).kind()).isEqualTo(RefusalKind.REFUSED_BY_PEER);
    assertThat(calls).hasValue(1);
    assertThat(heard).hasSize(1);
  }

  @Test
  void streamThatIsRefusedAtOnce_isMadeAgain() {
    AtomicInteger calls = new AtomicInteger();
    peer.streams(
        answer -> {
          if (calls.incrementAndGet() == 1) {
            answer.onError(ScriptedPeer.refusal(RefusalKind.OVERLOADED, "x", Duration.ZERO));
          } else {
            tellAll(answer);
          }
        });

    assertThat(stream()).isInstanceOf(CallOutcome.Answered.class);
    assertThat(calls).hasValue(2);
    assertThat(caller.audit.decided()).hasSize(2);
  }

  @Test
  void eventsOfAnotherTask_areNoAnswer() {
    List<StreamResponse> forged = new ArrayList<>();
    forged.add(begun());
    forged.add(
        piece("x").toBuilder()
            .setArtifactUpdate(piece("x").getArtifactUpdate().toBuilder().setTaskId("u"))
            .build());
    peer.streams(answer -> forged.forEach(answer::onNext));

    assertThat(Caller.refusal(stream()))
        .isInstanceOfSatisfying(
            Refusal.RefusedByPeer.class,
            refusal -> assertThat(refusal.reason()).isEqualTo("invalid_agent_response"));
  }
}
