package io.agentweave.server;

import com.google.protobuf.Message;
import java.util.Optional;

/**
 * What goes back to the caller at the end.
 *
 * @param message empty when everything has been sent already
 */
record Reply(Optional<Message> message) {
  static final Reply ALREADY_SENT = new Reply(Optional.empty());

  static Reply of(Message message) {
    return new Reply(Optional.of(message));
  }
}
