package io.agentweave.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The YAML file of an agent. It holds the sections of {@link AgentConfig} and, beside them, those
 * of the service itself, bound to a record of the service's own by the same rules (see the
 * package's page).
 *
 * <p>Environment variables {@code AGENTWEAVE_SECTION_KEY} override the file; an empty one counts as
 * not set. Relative paths are relative to the file's folder.
 */
public final class AgentConfigFile {

  private AgentConfigFile() {}

  /** A service that has no sections of its own. */
  public record NoServiceSections() {}

  /**
   * Reads and checks a file. Blocking.
   *
   * @param env the environment, normally {@code System.getenv()}
   * @param service a record whose components are sections, each a record or an {@code Optional} of
   *     one
   */
  public static <T extends Record> ConfigReading<T> read(
      Path file, Map<String, String> env, Class<T> service) {
    Problems problems = new Problems(file);
    Map<String, Node> sections = YamlDocument.sections(file, problems);
    if (sections == null) {
      return new ConfigReading.Invalid<>(problems.found());
    }
    KeyCatalog keys = KeyCatalog.of(List.of(AgentConfig.class, service));
    Binder binder = new Binder(file, env, problems);
    AgentConfig agent = binder.sections(AgentConfig.class, sections);
    T own = binder.sections(service, sections);
    binder.refuseUnknown("", sections, keys.sections());
    keys.refuseUnknownVariables(env, problems);
    Combinations.check(binder.bound(), problems);
    return result(agent, own, problems);
  }

  /** Reads a file of an agent that has no sections of its own. */
  public static ConfigReading<NoServiceSections> read(Path file, Map<String, String> env) {
    return read(file, env, NoServiceSections.class);
  }

  /**
   * Reads the agent's sections of a file of any service and leaves the others unread. For tools
   * that don't know the service.
   */
  public static ConfigReading<NoServiceSections> readAgentSections(
      Path file, Map<String, String> env) {
    Problems problems = new Problems(file);
    Map<String, Node> sections = YamlDocument.sections(file, problems);
    if (sections == null) {
      return new ConfigReading.Invalid<>(problems.found());
    }
    KeyCatalog keys = KeyCatalog.of(List.of(AgentConfig.class));
    Map<String, Node> known = new LinkedHashMap<>(sections);
    known.keySet().retainAll(Set.copyOf(keys.sections()));
    Binder binder = new Binder(file, env, problems);
    AgentConfig agent = binder.sections(AgentConfig.class, known);
    keys.refuseUnknownVariables(env, problems);
    Combinations.check(binder.bound(), problems);
    return result(agent, new NoServiceSections(), problems);
  }

  private static <T extends Record> ConfigReading<T> result(
      @Nullable AgentConfig agent, @Nullable T service, Problems problems) {
    if (agent == null || service == null || !problems.found().isEmpty()) {
      return new ConfigReading.Invalid<>(problems.found());
    }
    return new ConfigReading.Loaded<>(agent, service);
  }
}
