package io.agentweave.a2a;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.Role;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.call.Payload;

/** The request of an agent that calls another. */
public final class WireRequests {
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
                .setMetadata(
                    Struct.newBuilder()
                        .putFields(
                            CapabilityExtension.METADATA_KEY,
                            Value.newBuilder().setStringValue(capability).build()))
                .addParts(WireParts.write(new Part.DataPart(payload), JsonForm.RAW)))
        .build();
  }
}
