package io.agentweave.server;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A task that has ended, as bytes.
 *
 * @param told the encoded task; without its history where {@code request} has it
 * @param request the encoded request that its one message came in; null where the task tells it
 */
record PackedTask(ByteString told, @Nullable ByteString request) {}
