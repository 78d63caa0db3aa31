package io.agentweave.bench.call;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.bench.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two processes: one serves some variants, one calls them. Those that share their processes share
 * what their compilers have done, so that they are warm sooner.
 */
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
          "-Dio.netty.leakDetection.level=disabled");

  private static final int SLICE_MILLIS = 1000;

  /** What others did meanwhile has left nothing of this pair in the processor's caches. */
  private static final int RUN_UP_MILLIS = 150;

  /** Of both compilers in one slice: what is left when all that is hot has been compiled. */
  private static final int QUIET_MILLIS = 150;

  private static final int QUIET_IN_A_ROW = 3;

  /** In one of so many slices it is the turn of another variant than the first. */
  private static final int LEAD = 2;

  private final List<Variant> variants;
  private final Surroundings surroundings;
  private final Child server;
  private final Child client;

  private Pair(List<Variant> variants, Surroundings surroundings, Child server, Child client) {
    this.variants = variants;
    this.surroundings = surroundings;
    this.server = server;
    this.client = client;
  }

  /**
   * Starts all processes beside each other. Of the variants that share two, all are raw, or none
   * is.
   */
  static List<Pair> start(List<List<Variant>> shared, Surroundings surroundings, Path folder)
      throws IOException {
    List<Child> servers = new ArrayList<>();
    for (List<Variant> variants : shared) {
      servers.add(server(variants, surroundings, folder));
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      List<Variant> variants = shared.get(i);
      Child server = servers.get(i);
      Child client = client(variants, server.ready(), surroundings, folder);
      pairs.add(new Pair(variants, surroundings, server, client));
    }
    return pairs;
  }

  private static Child server(List<Variant> variants, Surroundings surroundings, Path folder)
      throws IOException {
    List<String> words = new ArrayList<>();
    for (Variant variant : variants) {
      words.add(variant.word());
      if (!variant.raw()) {
        surroundings.configure(variant, true, 0);
      }
    }
    return worker(variants, "server", surroundings, folder, words);
  }

  private static Child client(
      List<Variant> variants, JsonNode ports, Surroundings surroundings, Path folder)
      throws IOException {
    List<String> targets = new ArrayList<>();
    for (Variant variant : variants) {
      int port = ports.path(variant.word()).asInt();
      targets.add(variant.word() + "=" + port);
      if (!variant.raw()) {
        surroundings.configure(variant, false, port);
      }
    }
    return worker(variants, "client", surroundings, folder, targets);
  }

  private static Child worker(
      List<Variant> variants,
      String role,
      Surroundings surroundings,
      Path folder,
      List<String> words)
      throws IOException {
    Variant first = variants.getFirst();
    List<String> arguments = new ArrayList<>(List.of(role, folder.toString()));
    arguments.addAll(words);
    List<String> jvm = new ArrayList<>(JVM);
    if (!first.raw()) {
      jvm.addAll(AGENT);
    }
    return Child.start(
        first.word() + " " + role,
        jvm,
        Worker.class,
        arguments,
        folder.resolve(first.word() + "-" + role + ".log"),
        process -> surroundings.register(process, role.equals("server")));
  }

  List<Variant> variants() {
    return variants;
  }

  /**
   * Calls until the compilers of both processes have little left to do, or the time is over. The
   * first variant has half of the slices, the others have the rest in turn.
   */
  void warmUp(int callers, long atMostMillis) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMostMillis);
    long before = compilingMillis();
    int slices = 0;
    for (int quiet = 0; quiet < QUIET_IN_A_ROW && System.nanoTime() < end; slices++) {
      Variant variant =
          slices % LEAD == LEAD - 1
              ? variants.get(variants.size() == 1 ? 0 : 1 + slices / LEAD % (variants.size() - 1))
              : variants.getFirst();
      client.ask("closed " + variant.word() + " " + callers + " " + SLICE_MILLIS);
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
  CallRun measure(Variant variant, String kind, int number, long millis, int round)
      throws IOException {
    String load = kind + " " + variant.word() + " " + number + " ";
    client.ask(load + RUN_UP_MILLIS);
    JsonNode clientBefore = client.ask("usage");
    JsonNode serverBefore = server.ask("usage");
    long opaBefore = surroundings.opaNanos(variant);
    JsonNode result = client.ask(load + millis);
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
  List<Path> profile(Variant variant, int callers, long millis, Path folder) throws IOException {
    server.ask("record");
    client.ask("record");
    client.ask("closed " + variant.word() + " " + callers + " " + millis);
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
