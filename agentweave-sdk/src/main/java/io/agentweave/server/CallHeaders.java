package io.agentweave.server;

import io.agentweave.a2a.ProtocolVersion;
import io.agentweave.call.TraceContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says beside its message. None of it is proven.
 *
 * @param version the protocol version, when it is one that is spoken here
 * @param trace the caller's place in its trace
 * @param method the method or path it asked for, for operators; cut to a harmless length
 */
record CallHeaders(
    Optional<ProtocolVersion> version, @Nullable TraceContext trace, String method) {}
