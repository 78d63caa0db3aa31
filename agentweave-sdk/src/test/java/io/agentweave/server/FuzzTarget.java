package io.agentweave.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.a2a.StreamedTask;
import io.agentweave.a2a.WireResults;
import io.agentweave.a2a.v1.SendMessageResponse;
import io.agentweave.a2a.v1.StreamResponse;
import io.agentweave.audit.AuditReader;
import io.agentweave.audit.AuditVerifier;
import io.agentweave.authz.PeerPattern;
import io.agentweave.call.Payload;
import io.agentweave.call.Refusal;
import io.agentweave.config.AgentConfigFile;
import io.agentweave.config.ConfigReading;
import io.agentweave.identity.SpiffeId;
import io.agentweave.validation.Binding;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonLimits;
import io.agentweave.validation.JsonReading;
import io.agentweave.validation.PayloadBinder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What reads bytes of strangers, and what has to hold for whatever it reads. */
enum FuzzTarget {
  SPIFFE_ID {
    @Override
    void read(byte[] bytes) {
      String text = new String(bytes, UTF_8);
      try {
        require(SpiffeId.parse(text).toString().equals(text), "an ID is the text it was read from");
      } catch (IllegalArgumentException e) {
        require(e.getMessage() != null, "an error says something");
      }
    }
  },
  PEER_PATTERN {
    @Override
    void read(byte[] bytes) {
      try {
        PeerPattern pattern = PeerPattern.parse(new String(bytes, UTF_8));
        require(!pattern.matches(SpiffeId.parse("spiffe://stranger.example/a")), "one domain only");
      } catch (IllegalArgumentException e) {
        require(e.getMessage() != null, "an error says something");
      }
    }
  },
  JSON {
    @Override
    void read(byte[] bytes) {
      switch (Json.read(bytes)) {
        case JsonReading.Refused(var violations) -> require(!violations.isEmpty(), "a reason");
        case JsonReading.Parsed(var tree) ->
            require(
                Json.read(Json.write(tree)) instanceof JsonReading.Parsed(var again)
                    && Arrays.equals(Json.write(again), Json.write(tree)),
                "what was read is written and read the same");
      }
    }
  },
  PAYLOAD {
    private final PayloadBinder binder = binder();

    @Override
    void read(byte[] bytes) {
      switch (binder.bind(Payload.ofJson(bytes))) {
        case Binding.Unfit(var violations) -> require(!violations.isEmpty(), "a reason");
        case Binding.Bound bound -> require(!bound.arguments().contains(null), "all of them");
      }
    }
  },
  CONFIGURATION {
    @Override
    void read(byte[] bytes) throws IOException {
      Path file = Files.write(folder().resolve("agent.yaml"), bytes);
      if (AgentConfigFile.read(file, Map.of())
          instanceof ConfigReading.Invalid<?>(var violations)) {
        require(!violations.isEmpty(), "a reason");
      }
    }
  },
  REQUEST {
    private final RequestReader reader =
        new RequestReader(new TestCapabilities().catalogue(), 64 * 1024);

    @Override
    void read(byte[] bytes) {
      Rpc rpc = Rpc.values()[bytes.length == 0 ? 0 : (bytes[0] & 0xff) % Rpc.values().length];
      ByteString message =
          bytes.length == 0 ? ByteString.EMPTY : ByteString.copyFrom(bytes, 1, bytes.length - 1);
      CallHeaders headers =
          new CallHeaders(Optional.of(ProtocolVersion.V1_0_1), null, rpc.method());
      if (reader.read(rpc, headers, message, room -> true).answer()
          instanceof Asked.Answer.Unreadable(Refusal refusal)) {
        require(
            refusal instanceof Refusal.Invalid || refusal instanceof Refusal.Protocol,
            "a refusal for what the caller did");
      }
    }
  },
  ANSWER {
    @Override
    void read(byte[] bytes) {
      try {
        require(WireResults.read(SendMessageResponse.parseFrom(bytes)) != null, "an end");
        StreamedTask task = new StreamedTask(1 << 20, 1 << 20);
        for (int left = 3; left > 0 && !task.isOver(); left--) {
          task.hear(StreamResponse.parseFrom(bytes));
        }
        require(task.end() != null, "an end");
      } catch (InvalidProtocolBufferException e) {
        // gRPC refuses it before anybody sees it.
      }
    }
  },
  AUDIT_LOG {
    @Override
    void read(byte[] bytes) throws IOException {
      Path file = Files.write(folder().resolve("audit-0000000000000001.jsonl"), bytes);
      require(new AuditReader(folder()).last(5).size() <= 5, "at most so many");
      require(AuditVerifier.selfContained().verify(file) != null, "a finding");
    }
  };

  private static final Path FOLDER = makeFolder();

  /** Throws, when what has to hold does not. */
  abstract void read(byte[] bytes) throws IOException;

  /** For Jazzer, with {@code -Dagentweave.fuzz=NAME}. */
  static FuzzTarget chosen() {
    return valueOf(System.getProperty("agentweave.fuzz", "json").toUpperCase(Locale.ROOT));
  }

  static Path folder() {
    return FOLDER;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("does not hold: " + what);
    }
  }

  private static Path makeFolder() {
    try {
      Path folder = Files.createTempDirectory("fuzz");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  record Inner(int number, List<String> words) {}

  @SuppressWarnings("unused")
  public void handler(String a, Inner inner) {}

  private static PayloadBinder binder() {
    try {
      return PayloadBinder.of(
          JSON,
          FuzzTarget.class.getMethod("handler", String.class, Inner.class),
          Set.of(),
          JsonLimits.USUAL);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
