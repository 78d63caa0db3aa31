/** The inbound chain and the gRPC server it stands on. */
@NullMarked
package io.agentweave.server;

import org.jspecify.annotations.NullMarked;
