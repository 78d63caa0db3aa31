/** The outbound chain and the gRPC channels it stands on. */
@NullMarked
package io.agentweave.client;

import org.jspecify.annotations.NullMarked;
