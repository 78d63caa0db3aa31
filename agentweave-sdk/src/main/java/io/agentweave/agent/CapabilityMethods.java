package io.agentweave.agent;

import io.agentweave.a2a.WireNames;
import io.agentweave.config.CapabilitySection;
import io.agentweave.server.ServedCapability;
import io.agentweave.validation.JsonLimits;
import io.agentweave.validation.Suggestion;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The annotated methods of an object.
 *
 * @param byName those that can serve
 * @param problems what is wrong with the others, one line each
 */
record CapabilityMethods(Map<String, CapabilityMethod> byName, List<String> problems) {

  static CapabilityMethods of(Object owner, JsonLimits limits) {
    Map<String, CapabilityMethod> found = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (Method method : annotated(owner.getClass())) {
      String where = method.getDeclaringClass().getSimpleName() + "." + method.getName();
      if (!method.isAnnotationPresent(Capability.class)) {
        problems.add(where + ": @RequiresPeer stands beside @Capability only");
        continue;
      }
      try {
        CapabilityMethod made = CapabilityMethod.of(owner, method, limits);
        if (found.putIfAbsent(made.name(), made) != null) {
          problems.add(where + ": another method is the capability " + made.name() + " already");
        }
      } catch (IllegalArgumentException e) {
        problems.add(where + ": " + e.getMessage());
      }
    }
    return new CapabilityMethods(found, problems);
  }

  /** The declared ones, as the server takes them. */
  List<ServedCapability> served(List<CapabilitySection> declared) {
    return declared.stream().map(section -> served(section, byName.get(section.name()))).toList();
  }

  /** Ones that no configuration declares. */
  List<ServedCapability> servedAsBuiltIn() {
    return byName.values().stream()
        .map(
            method ->
                new ServedCapability(
                    method.name(),
                    "",
                    List.of(WireNames.JSON),
                    List.of(WireNames.JSON),
                    method.requirement(),
                    OptionalInt.empty(),
                    ServedCapability.Kind.BUILT_IN,
                    method::decode))
        .toList();
  }

  private static ServedCapability served(
      CapabilitySection section, @Nullable CapabilityMethod method) {
    if (method == null) {
      throw new IllegalStateException("no method for " + section.name());
    }
    return new ServedCapability(
        section.name(),
        section.description(),
        section.inputModes(),
        section.outputModes(),
        method.requirement(),
        section.maxConcurrentRequests().map(OptionalInt::of).orElseGet(OptionalInt::empty),
        ServedCapability.Kind.SKILL,
        method::decode);
  }

  private static List<Method> annotated(Class<?> type) {
    Map<String, Method> found = new LinkedHashMap<>();
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        boolean annotated =
            method.isAnnotationPresent(Capability.class)
                || method.getAnnotationsByType(RequiresPeer.class).length > 0;
        if (annotated && !method.isBridge()) {
          found.putIfAbsent(method.getName() + List.of(method.getParameterTypes()), method);
        }
      }
    }
    return found.values().stream().sorted(Comparator.comparing(Method::getName)).toList();
  }

  /** What configuration and methods do not agree about, one line each. */
  List<String> disagreements(List<CapabilitySection> declared) {
    List<String> found = new ArrayList<>();
    List<String> names = declared.stream().map(CapabilitySection::name).toList();
    for (String name : names) {
      if (BuiltIns.NAMES.contains(name)) {
        found.add("agent.capabilities: every agent has " + name + "; it is not declared");
      } else if (!byName.containsKey(name)) {
        found.add(
            "agent.capabilities: %s is declared, but no method has @Capability(\"%s\")%s"
                .formatted(name, name, Suggestion.didYouMean(name, byName.keySet())));
      }
    }
    for (String name : byName.keySet()) {
      if (BuiltIns.NAMES.contains(name)) {
        found.add("@Capability(\"" + name + "\"): every agent has " + name + " already");
      } else if (!names.contains(name)) {
        found.add(
            "agent.capabilities: the method with @Capability(\"%s\") is not declared%s"
                .formatted(name, Suggestion.didYouMean(name, names)));
      }
    }
    return found;
  }
}
