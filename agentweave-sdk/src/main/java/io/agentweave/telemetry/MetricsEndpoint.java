package io.agentweave.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentweave.validation.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plain HTTP port for those who watch: {@code /metrics}, {@code /health/live}, {@code
 * /health/ready}. It shows numbers and states, takes no input and answers a bounded number of
 * requests at once.
 */
public final class MetricsEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsEndpoint.class);
  private static final int AT_ONCE = 16;
  private static final String JSON = "application/json; charset=utf-8";

  static {
    // The JDK's server reads these once. Without them a client that says nothing stays for ever.
    setUnlessSet("sun.net.httpserver.maxReqTime", "3");
    setUnlessSet("sun.net.httpserver.maxRspTime", "10");
    setUnlessSet("sun.net.httpserver.idleInterval", "2");
    // How often, in milliseconds, it looks for those whose time is over.
    setUnlessSet("sun.net.httpserver.clockTick", "1000");
    setUnlessSet("sun.net.httpserver.timerMillis", "500");
    // Connections are shared by all, and whoever holds many has them for a few seconds only.
    setUnlessSet("sun.net.httpserver.maxIdleConnections", "16");
    setUnlessSet("jdk.httpserver.maxConnections", "256");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Telemetry telemetry;
  private final Supplier<Readiness> readiness;

  private MetricsEndpoint(
      HttpServer server,
      ExecutorService threads,
      Telemetry telemetry,
      Supplier<Readiness> readiness) {
    this.server = server;
    this.threads = threads;
    this.telemetry = telemetry;
    this.readiness = readiness;
  }

  /**
   * Starts listening.
   *
   * @param port 0 picks a free one
   * @param readiness is asked for each request to {@code /health/ready}
   * @throws IOException with a message for the operator, when the address can't be listened on
   */
  public static MetricsEndpoint open(
      String host, int port, Telemetry telemetry, Supplier<Readiness> readiness)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("observability.metrics.host: no address is known for " + host);
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, AT_ONCE);
    } catch (BindException e) {
      throw new IOException(
          "observability.metrics.port: can't listen on "
              + host
              + ":"
              + port
              + " ("
              + e.getMessage()
              + "); choose another port",
          e);
    }
    ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("metrics-", 0).factory());
    MetricsEndpoint endpoint = new MetricsEndpoint(server, threads, telemetry, readiness);
    server.setExecutor(threads);
    server.createContext("/", endpoint::handle);
    server.start();
    return endpoint;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!free.tryAcquire()) {
        answer(exchange, 503, JSON, status("busy"));
        return;
      }
      try {
        route(exchange);
      } catch (RuntimeException e) {
        LOG.error("A request to the metrics port failed", e);
        answer(exchange, 500, JSON, status("broken"));
      } finally {
        free.release();
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!List.of("/metrics", "/health/live", "/health/ready").contains(path)) {
      answer(exchange, 404, JSON, status("not_found"));
      return;
    }
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      answer(exchange, 405, JSON, status("method_not_allowed"));
      return;
    }
    switch (path) {
      case "/metrics" -> metrics(exchange);
      case "/health/live" -> answer(exchange, 200, JSON, status("live"));
      default -> ready(exchange);
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    List<String> accepted = exchange.getRequestHeaders().getOrDefault("Accept", List.of());
    Scrape scrape = telemetry.scrape(String.join(",", accepted));
    exchange.getResponseHeaders().set("Vary", "Accept");
    answer(exchange, 200, scrape.contentType(), scrape.text().getBytes(StandardCharsets.UTF_8));
  }

  private void ready(HttpExchange exchange) throws IOException {
    Readiness now = readiness.get();
    String word = now.ready() ? "ready" : "not_ready";
    byte[] body = Json.write(new Answer(word, now.checks()));
    answer(exchange, now.ready() ? 200 : 503, JSON, body);
  }

  private record Answer(String status, List<Readiness.Check> checks) {}

  private static byte[] status(String word) {
    return Json.write(Map.of("status", word));
  }

  private static void answer(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(code, -1);
      return;
    }
    exchange.sendResponseHeaders(code, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
