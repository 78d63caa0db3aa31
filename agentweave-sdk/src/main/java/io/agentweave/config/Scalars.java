package io.agentweave.config;

import io.agentweave.identity.SpiffeId;
import io.agentweave.identity.TrustDomain;
import io.agentweave.validation.Suggestion;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Turns one scalar into the type of its component. */
final class Scalars {
  private static final Duration LONGEST = Duration.ofDays(3650);

  private Scalars() {}

  /** What a scalar is not. The message names the rule and the shape, never the value. */
  static final class NotFitting extends Exception {
    private static final long serialVersionUID = 1L;

    NotFitting(String message) {
      super(message);
    }
  }

  static boolean handles(Class<?> type) {
    return type == String.class
        || type == boolean.class
        || type == Boolean.class
        || isWhole(type)
        || type == double.class
        || type == Double.class
        || type == Duration.class
        || type == Path.class
        || type == Secret.class
        || type == SpiffeId.class
        || type == TrustDomain.class
        || type.isEnum();
  }

  /**
   * Converts a scalar.
   *
   * @param key its last name, which carries a duration's unit
   * @param untyped whether it is text that stands for any type, as in an environment variable
   */
  static Object convert(ScalarNode node, Class<?> type, String key, Path folder, boolean untyped)
      throws NotFitting {
    String text = node.getValue();
    if (type == boolean.class || type == Boolean.class) {
      return truth(node, untyped);
    } else if (isWhole(type)) {
      return whole(node, type, untyped);
    } else if (type == double.class || type == Double.class) {
      return decimal(node, untyped).doubleValue();
    } else if (type == Duration.class) {
      return duration(decimal(node, untyped), key);
    }
    if (!untyped && !node.getTag().equals(Tag.STR)) {
      throw new NotFitting(
          "must be text, found " + YamlDocument.shape(node) + "; put it in quotes");
    }
    if (type == String.class) {
      return text;
    } else if (type == Secret.class) {
      return Secret.of(text);
    } else if (type == Path.class) {
      return path(text, folder);
    } else if (type.isEnum()) {
      return choice(text, type);
    }
    try {
      return type == SpiffeId.class ? SpiffeId.parse(text) : new TrustDomain(text);
    } catch (IllegalArgumentException e) {
      throw new NotFitting(String.valueOf(e.getMessage()));
    }
  }

  /** How an enum constant is written: lower-case with dashes. */
  static String word(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean isWhole(Class<?> type) {
    return type == int.class || type == Integer.class || type == long.class || type == Long.class;
  }

  private static Object truth(ScalarNode node, boolean untyped) throws NotFitting {
    if (untyped || node.getTag().equals(Tag.BOOL)) {
      switch (node.getValue().toLowerCase(Locale.ROOT)) {
        case "true" -> {
          return true;
        }
        case "false" -> {
          return false;
        }
        default -> {}
      }
    }
    throw new NotFitting("must be true or false, found " + YamlDocument.shape(node));
  }

  private static Object whole(ScalarNode node, Class<?> type, boolean untyped) throws NotFitting {
    if (!untyped && !node.getTag().equals(Tag.INT)) {
      throw new NotFitting("must be an integer, found " + YamlDocument.shape(node));
    }
    try {
      if (type == long.class || type == Long.class) {
        return Long.parseLong(node.getValue());
      }
      return Integer.parseInt(node.getValue());
    } catch (NumberFormatException e) {
      throw new NotFitting(
          "must be a decimal integer of at most "
              + (type == long.class || type == Long.class ? 64 : 32)
              + " bits");
    }
  }

  private static BigDecimal decimal(ScalarNode node, boolean untyped) throws NotFitting {
    boolean number = node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
    try {
      if (untyped || number) {
        BigDecimal value = new BigDecimal(node.getValue());
        if (Math.abs((long) value.precision() - value.scale()) < 300) {
          return value;
        }
      }
    } catch (NumberFormatException e) {
      // falls through: it is no number that YAML and Java agree on
    }
    throw new NotFitting("must be a number, found " + YamlDocument.shape(node));
  }

  private static Duration duration(BigDecimal amount, String key) throws NotFitting {
    BigDecimal nanos = amount.multiply(BigDecimal.valueOf(nanosPerUnit(key)));
    if (nanos.signum() < 0 || nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
      throw new NotFitting("must be between 0 and ten years");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  private static long nanosPerUnit(String key) {
    String unit = key.substring(key.lastIndexOf('_') + 1);
    return switch (unit) {
      case "ms" -> 1_000_000L;
      case "seconds" -> 1_000_000_000L;
      case "minutes" -> 60_000_000_000L;
      case "hours" -> 3_600_000_000_000L;
      case "days" -> 86_400_000_000_000L;
      default -> throw new IllegalArgumentException("the key of a duration ends in a unit: " + key);
    };
  }

  private static Path path(String text, Path folder) throws NotFitting {
    try {
      if (!text.isBlank()) {
        return folder.resolve(text).normalize();
      }
    } catch (InvalidPathException e) {
      // falls through
    }
    throw new NotFitting("must be a path, found text of " + text.length() + " characters");
  }

  private static @Nullable Object constant(String text, Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      if (word(constant).equalsIgnoreCase(text)) {
        return constant;
      }
    }
    return null;
  }

  private static Object choice(String text, Class<?> type) throws NotFitting {
    Object constant = constant(text, type);
    if (constant == null) {
      List<String> words = Arrays.stream(type.getEnumConstants()).map(Scalars::word).toList();
      throw new NotFitting(
          "must be " + String.join(" or ", words) + Suggestion.didYouMean(text, words));
    }
    return constant;
  }
}
