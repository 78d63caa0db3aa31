package io.agentweave.server;

import com.google.protobuf.Message;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Deadline;
import io.agentweave.call.Refusal;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes calls off the event loop: each gets one virtual thread, which carries it through the chain
 * and answers it.
 */
final class CallRunner {
  private static final Logger log = LoggerFactory.getLogger(CallRunner.class);

  private final InboundChain chain;
  private final ScheduledExecutorService timer;
  private final Duration requestTimeout;
  private final int maxArrivals;
  private final PeerCounts arrivalsByPeer;
  private final InflightBytes inflight;
  private final AtomicInteger arrivals = new AtomicInteger();
  private final Set<WorkGuard> running = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /**
   * @param chain made with the answer to the question why no call is taken any more
   * @param maxArrivals how many calls may be on their way in or inside at once; bounds memory,
   *     while admission bounds work
   * @param maxArrivalsOfOnePeer how many of them one peer may have, so that what it sends slowly or
   *     without a right keeps nobody else out
   */
  CallRunner(
      Function<Supplier<Optional<Refusal>>, InboundChain> chain,
      ScheduledExecutorService timer,
      Duration requestTimeout,
      int maxArrivals,
      int maxArrivalsOfOnePeer,
      InflightBytes inflight) {
    this.chain = chain.apply(this::refusal);
    this.timer = timer;
    this.requestTimeout = requestTimeout;
    this.maxArrivals = maxArrivals;
    this.arrivalsByPeer = new PeerCounts(maxArrivalsOfOnePeer);
    this.inflight = inflight;
  }

  /** Makes room for a call whose headers came in. It has to be started, or given back. */
  Slot arrive(Optional<SpiffeId> peer) {
    boolean tooMany = arrivals.incrementAndGet() > maxArrivals;
    boolean counted = peer.isPresent() && arrivalsByPeer.take(peer.get());
    Optional<Refusal> why = refusal();
    if (why.isEmpty() && tooMany) {
      why = overloaded("arrivals", "more than " + maxArrivals + " calls arrive at once");
    } else if (why.isEmpty() && peer.isPresent() && !counted) {
      why =
          overloaded(
              "peer_arrivals",
              "more than " + arrivalsByPeer.limit() + " calls of one peer arrive at once");
    }
    return new Slot(
        Deadline.in(requestTimeout),
        why,
        inflight,
        () -> {
          arrivals.decrementAndGet();
          if (counted) {
            arrivalsByPeer.giveBack(peer.get());
          }
        });
  }

  private static Optional<Refusal> overloaded(String limit, String detail) {
    return Optional.of(new Refusal.Overloaded(limit, Duration.ofMillis(250), detail));
  }

  /** Why no call is taken any more, whatever it is. */
  Optional<Refusal> refusal() {
    return draining ? Optional.of(new Refusal.Draining("the agent stops")) : Optional.empty();
  }

  /** No call takes longer, and no answer waits longer for its reader. */
  Duration requestTimeout() {
    return requestTimeout;
  }

  WorkGuard guard() {
    return new WorkGuard(timer);
  }

  /** Runs the call, and gives its slot back. */
  void start(ReceivedCall call) {
    running.add(call.guard());
    Thread.ofVirtual().name("agentweave-call-" + call.requestId()).start(() -> run(call));
  }

  private void run(ReceivedCall call) {
    CallOutcome<Reply> outcome =
        CallOutcome.refused(new Refusal.Broken("the chain did not come to an outcome"));
    try {
      outcome = chain.carry(call);
    } finally {
      call.guard().disarm();
      running.remove(call.guard());
      try {
        holdRoomFor(call, outcome);
        call.exchange().finish(outcome);
        call.exchange().whenDelivered(call.slot()::giveBack);
      } catch (RuntimeException e) {
        log.warn("the answer to call {} could not be sent", call.requestId(), e);
        call.slot().giveBack();
      }
    }
  }

  /** An answer that its peer does not read takes room as long as a request. */
  private static void holdRoomFor(ReceivedCall call, CallOutcome<Reply> outcome) {
    if (call.connection().isPresent() && outcome instanceof CallOutcome.Answered<Reply> answered) {
      int bytes = answered.reply().message().map(Message::getSerializedSize).orElse(0);
      call.slot().take(call.connection().get().spiffeId(), bytes);
    }
  }

  /** From now on every call is refused as draining. */
  void drain() {
    draining = true;
  }

  /** Ends all work that is under way. */
  void stopAll() {
    running.forEach(guard -> guard.stop(WorkGuard.Cause.DRAINED));
  }

  /** Calls that are on their way in or inside. */
  int inside() {
    return arrivals.get();
  }
}
