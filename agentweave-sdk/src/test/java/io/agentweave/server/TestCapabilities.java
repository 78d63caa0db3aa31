package io.agentweave.server;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.authz.PeerPattern;
import io.agentweave.authz.PeerRequirement;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.call.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Capabilities that do what their names say, and show whether they ran. */
final class TestCapabilities {
  static final List<String> JSON = List.of("application/json");

  final AtomicInteger runs = new AtomicInteger();
  final CountDownLatch waiting = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);
  final CountDownLatch interrupted = new CountDownLatch(1);
  volatile ServedCall lastCall;

  CapabilityCatalogue catalogue() {
    return CapabilityCatalogue.of(
        List.of(
            of("echo", PeerRequirement.anyProvenPeer(), this::echo),
            of("guarded", only(ServedScene.INGESTER), this::echo),
            of("wait", PeerRequirement.anyProvenPeer(), this::waitUntilReleased),
            of("hold", PeerRequirement.anyProvenPeer(), this::waitUntilReleased),
            of("fail", PeerRequirement.anyProvenPeer(), call -> answered(TaskResult.failed("no"))),
            of("ask", PeerRequirement.anyProvenPeer(), this::ask),
            of("chatter", PeerRequirement.anyProvenPeer(), this::chatter),
            of(
                "reply",
                PeerRequirement.anyProvenPeer(),
                call -> answered(TaskResult.replied(new Part.TextPart("just so")))),
            of("mute", PeerRequirement.anyProvenPeer(), this::mute),
            of(
                "lean",
                PeerRequirement.anyProvenPeer(),
                call ->
                    CallOutcome.refused(
                        new Refusal.DependencyUnavailable("database", "secret detail"))),
            of(
                "throw",
                PeerRequirement.anyProvenPeer(),
                call -> {
                  throw new IllegalStateException("secret detail");
                }),
            new ServedCapability(
                "picky",
                "refuses every payload",
                JSON,
                JSON,
                PeerRequirement.anyProvenPeer(),
                OptionalInt.empty(),
                ServedCapability.Kind.SKILL,
                payload ->
                    new Decoded.Invalid(
                        List.of(new Violation("event.id", "is required", "nothing")))),
            new ServedCapability(
                "talk",
                "reads text",
                List.of("application/json", "text/plain"),
                JSON,
                PeerRequirement.anyProvenPeer(),
                OptionalInt.empty(),
                ServedCapability.Kind.SKILL,
                payload -> new Decoded.Ready(this::echo)),
            new ServedCapability(
                "ping",
                "built in",
                JSON,
                JSON,
                PeerRequirement.anyProvenPeer(),
                OptionalInt.empty(),
                ServedCapability.Kind.BUILT_IN,
                payload -> new Decoded.Ready(this::echo))));
  }

  /** An agent with one skill only. */
  CapabilityCatalogue single() {
    return CapabilityCatalogue.of(List.of(of("echo", PeerRequirement.anyProvenPeer(), this::echo)));
  }

  private static ServedCapability of(String name, PeerRequirement who, Invocation invocation) {
    return new ServedCapability(
        name,
        "does " + name,
        JSON,
        JSON,
        who,
        OptionalInt.empty(),
        ServedCapability.Kind.SKILL,
        payload -> new Decoded.Ready(invocation));
  }

  private static PeerRequirement only(String pattern) {
    return new PeerRequirement(List.of(PeerPattern.parse(pattern)));
  }

  private CallOutcome<TaskResult> echo(ServedCall call) {
    runs.incrementAndGet();
    lastCall = call;
    return answered(TaskResult.completed(new Part.DataPart(call.call().payload())));
  }

  private CallOutcome<TaskResult> waitUntilReleased(ServedCall call) {
    runs.incrementAndGet();
    lastCall = call;
    waiting.countDown();
    try {
      release.await();
      return answered(TaskResult.completed(new Part.TextPart("released")));
    } catch (InterruptedException e) {
      interrupted.countDown();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private CallOutcome<TaskResult> ask(ServedCall call) {
    String json = new String(call.call().payload().bytes(), StandardCharsets.UTF_8);
    return json.contains("answer")
        ? answered(TaskResult.completed(new Part.TextPart("thanks")))
        : answered(TaskResult.inputRequired(new Part.TextPart("which one?")));
  }

  private CallOutcome<TaskResult> chatter(ServedCall call) {
    call.updates().status(List.of(new Part.TextPart("begun")));
    call.updates().artifact("story", List.of(new Part.TextPart("once ")), false, false);
    call.updates().artifact("story", List.of(new Part.TextPart("upon")), true, true);
    return answered(TaskResult.completed(new Part.DataPart(Payload.ofJson("{\"ok\":true}"))));
  }

  private CallOutcome<TaskResult> mute(ServedCall call) {
    call.updates().status(List.of());
    return answered(TaskResult.completed());
  }

  private static CallOutcome<TaskResult> answered(TaskResult result) {
    return new CallOutcome.Answered<>(result, result.isCompleted());
  }
}
