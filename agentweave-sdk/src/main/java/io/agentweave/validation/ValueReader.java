package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.validation.QuickJson.GivesUp;
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

  /**
   * The same value, read from where it comes next; ends with {@link GivesUp} when it can't be read
   * quickly or does not fit.
   */
  default Object quick(QuickJson in) {
    if (Json.read(in.copyOfValue()) instanceof JsonReading.Parsed(JsonNode tree)) {
      Findings findings = new Findings();
      Object value = read(tree, Place.root(), findings);
      if (value != null && findings.none()) {
        return value;
      }
    }
    throw new GivesUp();
  }

  /** Whether an absent or null member is fine, because the reader makes something of it. */
  default boolean acceptsAbsence() {
    return false;
  }
}
