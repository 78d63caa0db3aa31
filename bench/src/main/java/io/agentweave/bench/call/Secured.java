package io.agentweave.bench.call;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.agent.AgentRunner;
import io.agentweave.agent.Capability;
import io.agentweave.agent.RequiresPeer;
import io.agentweave.agent.RunningAgent;
import io.agentweave.agent.SecureAgent;
import io.agentweave.call.Payload;
import io.agentweave.config.AgentConfig;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.identity.SpiffeId;
import io.agentweave.pipeline.contract.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Two agents as anybody would write them, each made from its configuration file and nothing else.
 */
final class Secured {
  static final SpiffeId SERVER = SpiffeId.parse("spiffe://agentweave.io/agent/measured");
  static final SpiffeId CLIENT = SpiffeId.parse("spiffe://agentweave.io/agent/measuring");
  static final String CAPABILITY = "measure";

  private Secured() {}

  static Server serve(Path configuration) {
    RunningAgent agent = AgentRunner.start(read(configuration), new MeasuredAgent());
    return new Server() {
      @Override
      public int port() {
        return agent.port();
      }

      @Override
      public void close() {
        agent.close();
      }
    };
  }

  static Caller caller(Path configuration) {
    MeasuringAgent agent = new MeasuringAgent();
    RunningAgent running = AgentRunner.start(read(configuration), agent);
    return new Caller() {
      @Override
      public void call() {
        agent.once();
      }

      @Override
      public void close() {
        running.close();
      }
    };
  }

  static AgentConfig read(Path file) {
    return switch (AgentConfigFile.read(file, Map.of())) {
      case ConfigReading.Invalid<?> invalid -> throw new IllegalArgumentException(invalid.report());
      case ConfigReading.Loaded<?> loaded -> loaded.agent();
    };
  }

  /** Takes an event, bound and validated. */
  public static final class MeasuredAgent extends SecureAgent {
    /** Answers at once. */
    @Capability(CAPABILITY)
    @RequiresPeer("spiffe://agentweave.io/agent/measuring")
    public Sample.Received measure(Event eventData) {
      return new Sample.Received(eventData.eventId().isEmpty() ? "empty" : "received");
    }
  }

  /** Sends the event. */
  static final class MeasuringAgent extends SecureAgent {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private final Payload payload = Payload.ofJson(Sample.payload());

    void once() {
      TaskResult result = call(SERVER, CAPABILITY, payload, TIMEOUT);
      if (!result.isCompleted() || !answered(result)) {
        throw new IllegalStateException("not the answer: " + result);
      }
    }

    private static boolean answered(TaskResult result) {
      List<TaskResult.Message> messages = result.messages();
      return messages.size() == 1
          && messages.getFirst().parts().getFirst() instanceof Part.DataPart(Payload json)
          && Arrays.equals(json.bytes(), Sample.ANSWER);
    }
  }
}
