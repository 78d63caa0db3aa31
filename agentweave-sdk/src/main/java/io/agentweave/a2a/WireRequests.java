package io.agentweave.a2a;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.call.Payload;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The request of an agent that calls another. */
public final class WireRequests {
  /** Capabilities are named by the agent's own code; a bound for code that computes them. */
  private static final int MOST_REMEMBERED = 1_000;

  private static final Map<String, Struct> METADATA = new ConcurrentHashMap<>();

  private WireRequests() {}

  /**
   * A message that runs {@code capability} and waits for its end.
   *
   * @param messageId unique among the caller's messages
   */
  public static SendMessageRequest send(String messageId, String capability, Payload payload) {
    return SendMessageRequest.newBuilder()
        .setMessage(
            Message.newBuilder()
                .setMessageId(messageId)
                .setRole(Role.ROLE_USER)
                .setMetadata(naming(capability))
                .addParts(WireParts.write(new Part.DataPart(payload), JsonForm.RAW)))
        .build();
  }

  /** The same without the rest of the request, of which its parts may be views. */
  public static Message alone(Message message) {
    try {
      return Message.parseFrom(message.toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message's own bytes can't be read", e);
    }
  }

  private static Struct naming(String capability) {
    Struct known = METADATA.get(capability);
    if (known != null) {
      return known;
    }
    Struct made =
        Struct.newBuilder()
            .putFields(
                CapabilityExtension.METADATA_KEY,
                Value.newBuilder().setStringValue(capability).build())
            .build();
    if (METADATA.size() < MOST_REMEMBERED) {
      METADATA.put(capability, made);
    }
    return made;
  }
}
