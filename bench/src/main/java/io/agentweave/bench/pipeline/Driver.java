package io.agentweave.bench.pipeline;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.AgentRunner;
import io.agentweave.agent.SecureAgent;
import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import io.agentweave.validation.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * An agent of the mesh that sends events to the ingester as it is told, line by line, over a
 * connection to the measurement.
 */
public final class Driver extends SecureAgent {
  private static final SpiffeId INGESTER = SpiffeId.parse("spiffe://agentweave.io/agent/ingester");
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** The driver's own section of its configuration file. */
  public record DriverConfig(Driving driver) {}

  /**
   * {@code driver}.
   *
   * @param port where the measurement listens on the loopback interface
   * @param run part of every event's id
   */
  public record Driving(int port, Path events, String run) {}

  private final Driving settings;

  private Driver(DriverConfig config) {
    this.settings = config.driver();
  }

  public static void main(String[] args) {
    AgentRunner.main(args, DriverConfig.class, Driver::new);
  }

  @Override
  protected void onStart() {
    Thread.ofPlatform().daemon().name("driver").start(this::obey);
  }

  private void obey() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), settings.port());
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
      Sending sending =
          new Sending(Events.of(settings.events(), settings.run()), this::single, this::batch);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        out.println(Json.writeText(sending.obey(line.split(" ", -1))));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] single(byte[] payload) {
    return answer(callIdempotently(INGESTER, "ingest_event", Payload.ofJson(payload), TIMEOUT));
  }

  private byte[] batch(byte[] payload) {
    return answer(callIdempotently(INGESTER, "ingest_batch", Payload.ofJson(payload), TIMEOUT));
  }

  private static byte[] answer(TaskResult result) {
    for (TaskResult.Message message : result.messages()) {
      for (Part part : message.parts()) {
        if (part instanceof Part.DataPart(Payload json)) {
          return json.bytes();
        }
      }
    }
    throw new IllegalStateException("no answer: " + result.error());
  }
}
