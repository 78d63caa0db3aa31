package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Reads values of one type. */
@FunctionalInterface
interface ValueReader {

  /**
   * The value, or null when it does not fit: then {@code findings} say why.
   *
   * @param node what stands there; a missing node when nothing does
   */
  @Nullable Object read(JsonNode node, Place place, Findings findings);

  /** Whether an absent or null member is fine, because the reader makes something of it. */
  default boolean acceptsAbsence() {
    return false;
  }
}
