package io.agentweave.agent;

import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.TaskUpdate;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.client.AgentClient;
import io.agentweave.client.CallRequest;
import io.agentweave.config.AgentConfig;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.deadletter.DeadLetterException;
import io.agentweave.deadletter.DeadLetterQueue;
import io.agentweave.deadletter.DeadLetters;
import io.agentweave.identity.SpiffeId;
import io.agentweave.telemetry.ActiveSpan;
import io.agentweave.telemetry.SpanName;
import io.agentweave.telemetry.Telemetry;
import io.agentweave.validation.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base of an agent: write public methods, annotate them with {@link Capability} and {@link
 * RequiresPeer}, and give an instance to {@link AgentRunner}. Handlers run concurrently, each on a
 * virtual thread of its own, so fields have to be safe for use by many threads.
 */
public abstract class SecureAgent {
  private static final DeadLetters LETTERS = new DeadLetters(Clock.systemUTC());

  private final Logger logger = LoggerFactory.getLogger(getClass());
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile @Nullable AgentSurroundings surroundings;

  /** Who this agent is. */
  public final SpiffeId spiffeId() {
    return surroundings().spiffeId();
  }

  protected final Logger logger() {
    return logger;
  }

  protected final Telemetry telemetry() {
    return surroundings().telemetry();
  }

  /** Starts a span under the current one of this thread; close it on the same thread. */
  protected final ActiveSpan span(SpanName name) {
    return surroundings().telemetry().span(name);
  }

  /** The agent's configuration, as its file has it. */
  protected final AgentConfig configuration() {
    return surroundings().config();
  }

  /**
   * Runs a capability of another agent and waits for its end. What certainly did not run is tried
   * again, within the timeout.
   *
   * @param payload a {@link Payload}, or anything that JSON can say: a record, a map
   * @throws AgentCallException when no answer came; a failed task is an answer
   */
  protected final TaskResult call(
      SpiffeId target, String capability, Object payload, Duration timeout) {
    return call(CallRequest.of(target, capability, json(payload), timeout));
  }

  /**
   * The same for a capability whose effect is the same once or twice: it is tried again also when
   * it may have run.
   */
  protected final TaskResult callIdempotently(
      SpiffeId target, String capability, Object payload, Duration timeout) {
    return call(CallRequest.of(target, capability, json(payload), timeout).asIdempotent());
  }

  /**
   * The same for a capability that shows how it goes, such as by results in pieces. Once something
   * has been heard, it is not tried again.
   *
   * @param listener told of each update, on this thread; the other agent waits while it is slow.
   *     What it throws cancels the call
   */
  protected final TaskResult stream(
      SpiffeId target,
      String capability,
      Object payload,
      Duration timeout,
      Consumer<TaskUpdate> listener) {
    CallRequest request = CallRequest.of(target, capability, json(payload), timeout);
    return answer(request, surroundings().client().stream(request, listener));
  }

  private TaskResult call(CallRequest request) {
    return answer(request, surroundings().client().call(request));
  }

  private static TaskResult answer(CallRequest request, CallOutcome<TaskResult> outcome) {
    return switch (outcome) {
      case CallOutcome.Answered<TaskResult>(var reply, var completed) -> reply;
      case CallOutcome.Refused<TaskResult>(var refusal) ->
          throw new AgentCallException(request.target(), request.capability(), refusal);
    };
  }

  private static Payload json(Object payload) {
    return payload instanceof Payload p ? p : Payload.ofJson(Json.write(payload));
  }

  /**
   * Keeps what could not be processed. It is durable when this returns.
   *
   * <p>In a replay of a dead letter, that letter is kept open instead of a second one made.
   *
   * @param stage the step that gave up, such as {@code validate}
   * @param reason error class as one word, such as {@code invalid}
   * @param detail which fields were wrong or what failed; no payload values
   * @throws DeadLetterException when it can't be kept; the caller then has to be refused, which is
   *     what happens when the handler does not catch it
   */
  protected final void deadLetter(
      RequestContext context, Payload content, String stage, String reason, String detail) {
    deadLetters().add(letter(context, context.capability(), content, stage, reason, detail));
  }

  /**
   * Makes a dead letter without keeping it, for {@link DeadLetterQueue#addAll}.
   *
   * @param capability the one to replay it with: for an event of a batch, the one for single events
   */
  protected final DeadLetter letter(
      RequestContext context,
      String capability,
      Payload content,
      String stage,
      String reason,
      String detail) {
    return LETTERS.letter(content, stage, reason, detail, origin(context, capability));
  }

  private DeadLetter.Origin origin(RequestContext context, String capability) {
    return new DeadLetter.Origin(
        configuration().agent().name(),
        capability,
        context.caller().spiffeId().toString(),
        context.caller().svidSerial(),
        context.requestId(),
        context.permit().id(),
        context.permit().revision(),
        context.trace().traceId());
  }

  /** The agent's own dead letters. In a replay, what is added is counted to the replayed letter. */
  protected final DeadLetterQueue deadLetters() {
    return surroundings().deadLetters();
  }

  /**
   * Where this agent's dead letters are kept instead of a file under {@code agent.data_directory}.
   * Asked once, before {@link #onStart}; the agent closes the data source itself, in {@link
   * #onStop}.
   */
  protected Optional<DataSource> deadLetterDatabase() {
    return Optional.empty();
  }

  /** Runs once before the first call is let in. What it throws stops the start. */
  protected void onStart() {}

  /**
   * Runs once after the last call has ended, and also when the start fails in or after {@link
   * #onStart}.
   */
  protected void onStop() {}

  /** It runs from now on until it {@link #leave}s. */
  final void enter(AgentSurroundings given) {
    if (!running.compareAndSet(false, true)) {
      throw new AgentStartException(
          given.spiffeId()
              + ": this object runs as an agent already; give each agent an object of its own");
    }
    surroundings = given;
  }

  final void leave() {
    running.set(false);
  }

  private AgentSurroundings surroundings() {
    AgentSurroundings given = surroundings;
    if (given == null) {
      throw new IllegalStateException("the agent has not been started");
    }
    return given;
  }

  /** What an agent finds around it once it runs. */
  record AgentSurroundings(
      SpiffeId spiffeId,
      AgentConfig config,
      Telemetry telemetry,
      DeadLetterQueue deadLetters,
      AgentClient client) {}
}
