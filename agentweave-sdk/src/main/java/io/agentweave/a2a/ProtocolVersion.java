package io.agentweave.a2a;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The versions of A2A that are spoken here. They differ in the statuses of some errors. */
public enum ProtocolVersion {
  V1_0_0,
  V1_0_1;

  /**
   * What a caller asked for: {@code 1.0} is the newest patch. Empty when it is not spoken here; a
   * caller that says nothing speaks 0.3.
   */
  public static Optional<ProtocolVersion> of(@Nullable String header) {
    return switch (header) {
      case "1.0", "1.0.1" -> Optional.of(V1_0_1);
      case "1.0.0" -> Optional.of(V1_0_0);
      case null, default -> Optional.empty();
    };
  }
}
