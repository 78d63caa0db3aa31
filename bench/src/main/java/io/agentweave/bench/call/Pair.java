package io.agentweave.bench.call;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.bench.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The two processes of one variant. */
final class Pair implements AutoCloseable {
  /** The same for every variant. */
  static final List<String> JVM = List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC");

  /** What agents have everywhere; raw gRPC does it the JVM's own way. */
  private static final List<String> AGENT =
      List.of(
          "-Xmn40m",
          "-XX:+UseCompactObjectHeaders",
          "-XX:FreqInlineSize=100",
          "-XX:InlineSmallCode=1000",
          "-Djdk.reflect.useNativeAccessorOnly=true",
          "-Dio.netty.leakDetection.level=disabled");

  private static final int SLICE_MILLIS = 1000;

  /** What others did meanwhile has left nothing of this pair in the processor's caches. */
  private static final int RUN_UP_MILLIS = 300;

  /** Of both compilers in one slice: what is left when all that is hot has been compiled. */
  private static final int QUIET_MILLIS = 150;

  private static final int QUIET_IN_A_ROW = 3;

  private final Variant variant;
  private final Surroundings surroundings;
  private final Child server;
  private final Child client;

  private Pair(Variant variant, Surroundings surroundings, Child server, Child client) {
    this.variant = variant;
    this.surroundings = surroundings;
    this.server = server;
    this.client = client;
  }

  static Pair start(Variant variant, Surroundings surroundings, Path folder) throws IOException {
    if (!variant.raw()) {
      surroundings.configure(variant, true, 0);
    }
    Child server = worker(variant, "server", surroundings, folder, List.of());
    int port = server.ready().path("port").asInt();
    if (!variant.raw()) {
      surroundings.configure(variant, false, port);
    }
    Child client = worker(variant, "client", surroundings, folder, List.of(Integer.toString(port)));
    return new Pair(variant, surroundings, server, client);
  }

  private static Child worker(
      Variant variant, String role, Surroundings surroundings, Path folder, List<String> more)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(role, variant.word(), folder.toString()));
    arguments.addAll(more);
    List<String> jvm = new ArrayList<>(JVM);
    if (!variant.raw()) {
      jvm.addAll(AGENT);
    }
    return Child.start(
        variant.word() + " " + role,
        jvm,
        Worker.class,
        arguments,
        folder.resolve(variant.word() + "-" + role + ".log"),
        process -> surroundings.register(process, role.equals("server")));
  }

  Variant variant() {
    return variant;
  }

  /** Calls until the compilers of both processes have little left to do, or the time is over. */
  void warmUp(int callers, long atMostMillis) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMostMillis);
    long before = compilingMillis();
    for (int quiet = 0; quiet < QUIET_IN_A_ROW && System.nanoTime() < end; ) {
      client.ask("closed " + callers + " " + SLICE_MILLIS);
      long after = compilingMillis();
      quiet = after - before < QUIET_MILLIS ? quiet + 1 : 0;
      before = after;
    }
  }

  private long compilingMillis() throws IOException {
    return client.ask("usage").path("compiling_ms").asLong()
        + server.ask("usage").path("compiling_ms").asLong();
  }

  /**
   * Makes calls and accounts for all but the first ones.
   *
   * @param kind {@code closed} or {@code open}
   * @param number callers, or calls a second
   */
  CallRun measure(String kind, int number, long millis, int round) throws IOException {
    client.ask(kind + " " + number + " " + RUN_UP_MILLIS);
    JsonNode clientBefore = client.ask("usage");
    JsonNode serverBefore = server.ask("usage");
    long opaBefore = surroundings.opaNanos(variant);
    JsonNode result = client.ask(kind + " " + number + " " + millis);
    long opaAfter = surroundings.opaNanos(variant);
    JsonNode serverAfter = server.ask("usage");
    JsonNode clientAfter = client.ask("usage");
    double calls = result.path("calls").asDouble();
    return new CallRun(
        variant.word(),
        kind + "-" + number,
        round,
        result.path("calls").asLong(),
        result.path("failed").asLong(),
        result.path("seconds").asDouble(),
        calls / result.path("seconds").asDouble(),
        result.path("mean_us").asDouble(),
        result.path("p50_us").asDouble(),
        result.path("p90_us").asDouble(),
        result.path("p99_us").asDouble(),
        result.path("p999_us").asDouble(),
        result.path("max_us").asDouble(),
        difference(clientAfter, clientBefore, "cpu_ns") / calls / 1e3,
        difference(serverAfter, serverBefore, "cpu_ns") / calls / 1e3,
        (opaAfter - opaBefore) / calls / 1e3,
        difference(clientAfter, clientBefore, "allocated_bytes") / calls,
        difference(serverAfter, serverBefore, "allocated_bytes") / calls,
        client.residentKib(),
        server.residentKib());
  }

  /** Profiles both sides under load, and writes what was seen to two files in {@code folder}. */
  List<Path> profile(int callers, long millis, Path folder) throws IOException {
    server.ask("record");
    client.ask("record");
    client.ask("closed " + callers + " " + millis);
    Path ofServer = folder.resolve(variant.word() + "-server.jfr");
    Path ofClient = folder.resolve(variant.word() + "-client.jfr");
    server.ask("dump " + ofServer);
    client.ask("dump " + ofClient);
    return List.of(ofServer, ofClient);
  }

  private static double difference(JsonNode after, JsonNode before, String field) {
    return after.path(field).asDouble() - before.path(field).asDouble();
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
