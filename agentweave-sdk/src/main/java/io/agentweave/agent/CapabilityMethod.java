package io.agentweave.agent;

import io.agentweave.a2a.TaskResult;
import io.agentweave.authz.PeerPattern;
import io.agentweave.authz.PeerRequirement;
import io.agentweave.call.CallOutcome;
import io.agentweave.call.Payload;
import io.agentweave.server.Decoded;
import io.agentweave.server.ServedCall;
import io.agentweave.server.TaskUpdates;
import io.agentweave.validation.Binding;
import io.agentweave.validation.JsonLimits;
import io.agentweave.validation.PayloadBinder;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A method that serves as a capability. Safe for use by many threads. */
final class CapabilityMethod {
  private static final Set<Class<?>> SUPPLIED = Set.of(RequestContext.class, TaskUpdates.class);

  /** What would be sent as an object, and not as what it stands for. */
  static final Set<Class<?>> PROMISES =
      Set.of(Future.class, CompletionStage.class, Flow.Publisher.class);

  private final String name;
  private final MethodHandle handler;
  private final PayloadBinder binder;
  private final PeerRequirement requirement;

  private CapabilityMethod(
      String name, MethodHandle handler, PayloadBinder binder, PeerRequirement requirement) {
    this.name = name;
    this.handler = handler;
    this.binder = binder;
    this.requirement = requirement;
  }

  /**
   * Makes ready a method that has the annotation.
   *
   * @throws IllegalArgumentException that says what can't be with this method
   */
  static CapabilityMethod of(Object owner, Method method, JsonLimits limits) {
    int modifiers = method.getModifiers();
    if (!Modifier.isPublic(modifiers) || Modifier.isStatic(modifiers)) {
      throw new IllegalArgumentException("a capability is a public instance method");
    }
    if (method.getReturnType() == void.class || method.getReturnType() == Void.class) {
      throw new IllegalArgumentException("a capability returns a TaskResult or its data");
    }
    if (PROMISES.stream().anyMatch(promise -> promise.isAssignableFrom(method.getReturnType()))) {
      throw new IllegalArgumentException(
          "a capability returns what it has come to, no %s: wait for it, the thread is its own"
              .formatted(method.getReturnType().getSimpleName()));
    }
    return new CapabilityMethod(
        method.getAnnotation(Capability.class).value(),
        handler(owner, method),
        PayloadBinder.of(owner, method, SUPPLIED, limits),
        requirement(method));
  }

  /**
   * Takes the arguments as an array. Reflection may leave a native frame under the handler, which
   * would hold the carrier of its virtual thread whenever it waits.
   */
  private static MethodHandle handler(Object owner, Method method) {
    method.setAccessible(true);
    try {
      return MethodHandles.lookup()
          .unreflect(method)
          .bindTo(owner)
          .asSpreader(Object[].class, method.getParameterCount())
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException("a capability can be called: " + e.getMessage(), e);
    }
  }

  private static PeerRequirement requirement(Method method) {
    List<PeerPattern> patterns = new ArrayList<>();
    for (RequiresPeer required : method.getAnnotationsByType(RequiresPeer.class)) {
      try {
        patterns.add(PeerPattern.parse(required.value()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "@RequiresPeer(\"%s\"): %s".formatted(required.value(), e.getMessage()), e);
      }
    }
    return new PeerRequirement(patterns);
  }

  String name() {
    return name;
  }

  PeerRequirement requirement() {
    return requirement;
  }

  Decoded decode(Payload payload) {
    return switch (binder.bind(payload)) {
      case Binding.Bound bound -> new Decoded.Ready(call -> run(bound, call));
      case Binding.Unfit(var violations) -> new Decoded.Invalid(violations);
    };
  }

  private CallOutcome<TaskResult> run(Binding.Bound bound, ServedCall call) {
    RequestContext context =
        new RequestContext(
            name,
            call.call().requestId(),
            call.peer(),
            call.permit(),
            call.call().deadline(),
            call.trace(),
            call.taskId(),
            call.messageId(),
            call.call().payload());
    @Nullable Object[] arguments = bound.argumentsWith(context, call.updates());
    try (var _ = LogContext.of(context)) {
      return HandlerEnd.returned(handler.invokeExact(arguments));
    } catch (Throwable e) {
      return HandlerEnd.threw(e);
    }
  }
}
