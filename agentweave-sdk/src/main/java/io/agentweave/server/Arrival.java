package io.agentweave.server;

import com.google.protobuf.ByteString;
import io.agentweave.call.Refusal;

/** How a call came in. */
sealed interface Arrival {

  /** Whole: the bytes of its one message. Nobody has parsed them. */
  record Complete(ByteString message) implements Arrival {}

  /** Not to be carried out, as could be seen before there was a message. */
  record TurnedAway(Refusal refusal) implements Arrival {}
}
