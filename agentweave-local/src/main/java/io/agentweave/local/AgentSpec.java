package io.agentweave.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * An agent of a local mesh: a program, and the template of its configuration.
 *
 * @param name its last path segment: the agent is {@code spiffe://TRUST_DOMAIN/agent/NAME}
 * @param mainClass takes {@code --config FILE}
 * @param classPath files and folders; a last segment {@code *} is every jar of a folder
 * @param template YAML in which {@code ${word}} stands for a value of the mesh (see {@link
 *     AgentFiles})
 * @param port where it takes calls
 * @param metricsPort where it shows metrics and health
 */
public record AgentSpec(
    String name,
    String mainClass,
    List<Path> classPath,
    String template,
    int port,
    int metricsPort) {

  public AgentSpec {
    classPath = List.copyOf(classPath);
  }

  /** The agents of the pipeline, as Maven packages them in the checkout {@code root}. */
  public static List<AgentSpec> pipeline(Path root) {
    return List.of(
        of(root, "storage", 8445, 9092),
        of(root, "processor", 8444, 9091),
        of(root, "ingester", 8443, 9090));
  }

  AgentSpec withPorts(int newPort, int newMetricsPort) {
    return new AgentSpec(name, mainClass, classPath, template, newPort, newMetricsPort);
  }

  private static AgentSpec of(Path root, String name, int port, int metricsPort) {
    Path target = root.resolve(name).resolve("target");
    return new AgentSpec(
        name,
        "io.agentweave.pipeline." + name + ".Main",
        List.of(target.resolve(name + ".jar"), target.resolve("lib").resolve("*")),
        builtInTemplate(name),
        port,
        metricsPort);
  }

  private static String builtInTemplate(String name) {
    try (InputStream template = AgentSpec.class.getResourceAsStream(name + ".yaml")) {
      if (template == null) {
        throw new IllegalStateException("no template for " + name);
      }
      return new String(template.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
