package io.agentweave.authz;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a policy's result means, the same for every engine.
 *
 * <p>A result is a boolean, or an object with a boolean {@code allow} and, if it likes, {@code
 * reason}, {@code policy_id}, {@code rate_class} (strings), {@code cacheable_for} (seconds) and
 * {@code same_for} ({@code payload_size} with whole numbers {@code from} and {@code to}, and {@code
 * any_time}, a boolean). Other fields are left alone. No result, or no {@code allow} in it, is how
 * rules say no without saying anything: {@code undefined}. Anything else makes no sense, and nobody
 * has decided.
 */
final class PolicyAnswer {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              new JsonFactoryBuilder().recyclerPool(JsonRecyclerPools.sharedBoundedPool()).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** What goes into audit records stays short. */
  private static final int MAX_WORD = 256;

  /** However long a policy lets its answer be reused, a day is the most. */
  private static final Duration MAX_REUSE = Duration.ofDays(1);

  private PolicyAnswer() {}

  /** Parses an engine's JSON; null when it is none, or names a key twice. */
  static @Nullable JsonNode parse(byte[] json) {
    try {
      JsonNode tree = JSON.readTree(json);
      return tree.isMissingNode() ? null : tree;
    } catch (JsonProcessingException e) {
      return null;
    } catch (IOException e) {
      throw new AssertionError("reading from memory", e);
    }
  }

  /**
   * Reads a result.
   *
   * @param result null when the policy gave none
   */
  static Decision decision(String id, String revision, @Nullable JsonNode result) {
    if (result == null) {
      return undefined(id, revision);
    }
    if (result.isBoolean()) {
      return result.booleanValue()
          ? new Permit(id, revision, "", null, Duration.ZERO)
          : new Denied(id, revision, "", "denied");
    }
    return result.isObject()
        ? object(id, revision, result)
        : wrongType(id, "the result is neither a boolean nor an object");
  }

  private static Decision object(String id, String revision, JsonNode result) {
    JsonNode allow = result.get("allow");
    if (allow == null) {
      return undefined(id, revision);
    }
    if (!allow.isBoolean()) {
      return wrongType(id, "allow is not a boolean");
    }
    for (String field : new String[] {"reason", "policy_id", "rate_class"}) {
      JsonNode value = result.get(field);
      if (value != null && !(value.isTextual() && value.textValue().length() <= MAX_WORD)) {
        return wrongType(id, field + " is not a string of at most " + MAX_WORD + " characters");
      }
    }
    JsonNode seconds = result.get("cacheable_for");
    if (seconds != null && !isDuration(seconds)) {
      return wrongType(id, "cacheable_for is not a number of seconds from 0 up");
    }
    JsonNode others = result.get("same_for");
    if (others != null && !isSameFor(others)) {
      return wrongType(
          id,
          "same_for is not an object of payload_size, which has whole numbers from and to, and"
              + " any_time, a boolean");
    }
    String policyId = text(result, "policy_id", "");
    if (!allow.booleanValue()) {
      return new Denied(id, revision, policyId, text(result, "reason", "denied"));
    }
    JsonNode rateClass = result.get("rate_class");
    return new Permit(
        id,
        revision,
        policyId,
        rateClass == null ? null : rateClass.textValue(),
        seconds == null ? Duration.ZERO : duration(seconds),
        others == null ? null : sameFor(others));
  }

  private static Decision undefined(String id, String revision) {
    return new Denied(id, revision, "", "undefined");
  }

  private static Decision wrongType(String id, String detail) {
    return new Unavailable(id, "wrong_type", detail);
  }

  private static String text(JsonNode object, String field, String otherwise) {
    JsonNode value = object.get(field);
    return value == null ? otherwise : value.textValue();
  }

  private static boolean isSameFor(JsonNode others) {
    JsonNode size = others.path("payload_size");
    return size.path("from").canConvertToExactIntegral()
        && size.path("from").canConvertToLong()
        && size.path("to").canConvertToExactIntegral()
        && size.path("to").canConvertToLong()
        && others.path("any_time").isBoolean();
  }

  private static SameFor sameFor(JsonNode others) {
    JsonNode size = others.path("payload_size");
    return new SameFor(
        size.path("from").longValue(),
        size.path("to").longValue(),
        others.path("any_time").booleanValue());
  }

  private static boolean isDuration(JsonNode seconds) {
    return seconds.isNumber()
        && Double.isFinite(seconds.doubleValue())
        && seconds.doubleValue() >= 0;
  }

  private static Duration duration(JsonNode seconds) {
    double most = MAX_REUSE.toSeconds();
    return Duration.ofNanos((long) (Math.min(seconds.doubleValue(), most) * 1e9));
  }
}
