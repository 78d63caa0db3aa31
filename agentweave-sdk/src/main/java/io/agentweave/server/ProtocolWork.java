package io.agentweave.server;

import io.agentweave.a2a.ProtocolError;
import io.agentweave.a2a.v1.AgentCard;
import io.agentweave.a2a.v1.GetTaskRequest;
import io.agentweave.a2a.v1.ListTasksRequest;
import io.agentweave.a2a.v1.ListTasksResponse;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.a2a.v1.TaskState;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Refusal;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers what the server knows by itself: its card, and each owner's own tasks. */
final class ProtocolWork {
  private static final int USUAL_PAGE = 50;

  private final TaskStore store;
  private final Supplier<AgentCard> card;

  ProtocolWork(TaskStore store, Supplier<AgentCard> card) {
    this.store = store;
    this.card = card;
  }

  CallOutcome<Reply> run(AddressedCall addressed, Operation.OfProtocol operation) {
    SpiffeId peer = addressed.peer().spiffeId();
    return switch (operation) {
      case Operation.ReadCard read -> CallOutcome.completed(Reply.of(card.get()));
      case Operation.PushConfig push ->
          CallOutcome.refused(
              ProtocolError.PUSH_NOTIFICATION_NOT_SUPPORTED.refusal("as the card says"));
      case Operation.GetTask(GetTaskRequest get) ->
          withTask(
              get.getId(),
              peer,
              task -> CallOutcome.completed(Reply.of(task.show(historyLength(get), true))));
      case Operation.ListTasks(ListTasksRequest list) ->
          CallOutcome.completed(Reply.of(page(list, peer)));
      case Operation.CancelTask(var cancel) ->
          withTask(
              cancel.getId(),
              peer,
              task ->
                  task.cancel()
                      ? CallOutcome.completed(Reply.of(task.show(Optional.empty(), true)))
                      : CallOutcome.refused(
                          ProtocolError.TASK_NOT_CANCELABLE.refusal("it has ended")));
      case Operation.Subscribe(var subscribe) ->
          withTask(subscribe.getId(), peer, task -> follow(addressed.received(), task));
    };
  }

  private CallOutcome<Reply> withTask(
      String id, SpiffeId peer, java.util.function.Function<ServedTask, CallOutcome<Reply>> then) {
    Optional<ServedTask> task = store.find(id, peer);
    return task.isPresent()
        ? then.apply(task.get())
        : CallOutcome.refused(
            ProtocolError.TASK_NOT_FOUND.refusal("the caller has no task of that id"));
  }

  private static CallOutcome<Reply> follow(ReceivedCall received, ServedTask task) {
    Optional<TaskWatch> found = task.watch();
    if (found.isEmpty()) {
      return CallOutcome.refused(
          ProtocolError.UNSUPPORTED_OPERATION.refusal("task " + task.id() + " has ended"));
    }
    TaskWatch watch = found.get();
    try {
      return received.guard().run(() -> follow(received.exchange(), watch));
    } catch (Exception e) {
      WorkGuard.Cause cause = received.guard().stopped();
      if (cause == null) {
        throw new IllegalStateException("following a task broke", e);
      }
      return CallOutcome.refused(TaskWork.refusal(cause));
    } finally {
      task.unwatch(watch);
    }
  }

  private static CallOutcome<Reply> follow(Exchange exchange, TaskWatch watch)
      throws InterruptedException {
    for (Optional<StreamResponse> event = watch.next(); event.isPresent(); event = watch.next()) {
      if (!exchange.stream(event.get())) {
        return CallOutcome.refused(new Refusal.Cancelled("the caller went away"));
      }
    }
    return watch.leftBehind()
        ? CallOutcome.refused(
            new Refusal.Overloaded(
                "subscription",
                Duration.ofSeconds(1),
                "the caller reads more slowly than the task writes"))
        : CallOutcome.completed(Reply.ALREADY_SENT);
  }

  private ListTasksResponse page(ListTasksRequest list, SpiffeId peer) {
    Instant after =
        Instant.ofEpochSecond(
            list.getStatusTimestampAfter().getSeconds(), list.getStatusTimestampAfter().getNanos());
    List<TaskGlance> matching =
        store.of(peer).stream()
            .filter(
                task ->
                    (list.getContextId().isEmpty() || task.contextId().equals(list.getContextId()))
                        && (list.getStatus() == TaskState.TASK_STATE_UNSPECIFIED
                            || task.state() == list.getStatus())
                        && (!list.hasStatusTimestampAfter() || !task.statusTime().isBefore(after)))
            .toList();
    Optional<PageToken> from = PageToken.parse(list.getPageToken());
    List<TaskGlance> rest =
        from.isEmpty()
            ? matching
            : matching.stream().filter(task -> isBehind(task, from.get())).toList();
    int size = list.hasPageSize() ? list.getPageSize() : USUAL_PAGE;
    List<TaskGlance> page = rest.subList(0, Math.min(size, rest.size()));
    ListTasksResponse.Builder response =
        ListTasksResponse.newBuilder().setPageSize(size).setTotalSize(matching.size());
    Optional<Integer> history =
        list.hasHistoryLength() ? Optional.of(list.getHistoryLength()) : Optional.of(0);
    for (TaskGlance glance : page) {
      // One that has made room for others meanwhile is not there any more.
      store
          .find(glance.id().text(), peer)
          .ifPresent(task -> response.addTasks(task.show(history, list.getIncludeArtifacts())));
    }
    if (page.size() < rest.size()) {
      TaskGlance last = page.getLast();
      response.setNextPageToken(new PageToken(last.statusTime(), last.id().text()).text());
    }
    return response.build();
  }

  private static boolean isBehind(TaskGlance task, PageToken token) {
    int byTime = task.statusTime().compareTo(token.statusTime());
    return byTime < 0 || (byTime == 0 && task.id().text().compareTo(token.taskId()) < 0);
  }

  private static Optional<Integer> historyLength(GetTaskRequest get) {
    return get.hasHistoryLength() ? Optional.of(get.getHistoryLength()) : Optional.empty();
  }
}
