package io.agentweave.pipeline.contract;

import io.agentweave.validation.JsonText;
import io.agentweave.validation.ObjectText;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Optional;

/**
 * An enriched event in the shape that is kept. Owner: storage ({@code store_event}, {@code
 * store_batch}).
 *
 * @param id the event id, unique in the database
 * @param userName absent when the user directory does not know the user
 * @param userTier {@code free} when the user directory does not know the user
 * @param dayOfWeek English name, of the timestamp in UTC
 * @param hour of the timestamp in UTC
 */
public record StorableEvent(
    @Name @Size(max = 256) String id,
    @Name @Size(max = 128) String type,
    Instant timestamp,
    @Name @Size(max = 256) String userId,
    Optional<String> userName,
    @NotBlank String userTier,
    ObjectText properties,
    @Name @Size(max = 128) String source,
    @NotBlank String dayOfWeek,
    @Min(0) @Max(23) int hour,
    String version) {

  /** Writes it as storage reads it. */
  public void writeTo(JsonText out) {
    out.raw("{\"id\":").string(id);
    out.raw(",\"type\":").string(type);
    out.raw(",\"timestamp\":").string(timestamp.toString());
    out.raw(",\"user_id\":").string(userId);
    if (userName.isPresent()) {
      out.raw(",\"user_name\":").string(userName.get());
    }
    out.raw(",\"user_tier\":").string(userTier);
    out.raw(",\"properties\":").object(properties);
    out.raw(",\"source\":").string(source);
    out.raw(",\"day_of_week\":").string(dayOfWeek);
    out.raw(",\"hour\":").number(hour);
    out.raw(",\"version\":").string(version).raw("}");
  }
}
