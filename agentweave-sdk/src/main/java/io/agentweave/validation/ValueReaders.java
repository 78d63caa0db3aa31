package io.agentweave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentweave.call.Payload;
import io.agentweave.identity.SpiffeId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the reader of a type. */
final class ValueReaders {
  private static final Map<Class<?>, ValueReader> PLAIN =
      Map.ofEntries(
          Map.entry(
              String.class,
              quick(fitting(JsonNode::isTextual, "text", JsonNode::textValue), QuickJson::string)),
          Map.entry(boolean.class, truth()),
          Map.entry(Boolean.class, truth()),
          Map.entry(int.class, quick(Numbers.integer(32, Numbers::asInt), QuickJson::integer)),
          Map.entry(Integer.class, quick(Numbers.integer(32, Numbers::asInt), QuickJson::integer)),
          Map.entry(long.class, Numbers.integer(64, Numbers::asLong)),
          Map.entry(Long.class, Numbers.integer(64, Numbers::asLong)),
          Map.entry(double.class, fitting(JsonNode::isNumber, "a number", JsonNode::doubleValue)),
          Map.entry(Double.class, fitting(JsonNode::isNumber, "a number", JsonNode::doubleValue)),
          Map.entry(
              BigDecimal.class, fitting(JsonNode::isNumber, "a number", JsonNode::decimalValue)),
          Map.entry(
              BigInteger.class,
              fitting(JsonNode::isIntegralNumber, "an integer", JsonNode::bigIntegerValue)),
          Map.entry(Instant.class, quick(Times.instant(), Times::quickInstant)),
          Map.entry(OffsetDateTime.class, quick(Times.offsetDateTime(), Times::quickMoment)),
          Map.entry(LocalDate.class, Times.date()),
          Map.entry(UUID.class, parsed("must be a UUID", ValueReaders::uuid)),
          Map.entry(SpiffeId.class, parsed("must be a SPIFFE ID", SpiffeId::parse)),
          Map.entry(JsonNode.class, (node, place, findings) -> node),
          Map.entry(
              ObjectText.class,
              quick(
                  fitting(JsonNode::isObject, "an object", ObjectText::written),
                  QuickJson::object)),
          Map.entry(ObjectNode.class, fitting(JsonNode::isObject, "an object", node -> node)),
          Map.entry(ArrayNode.class, fitting(JsonNode::isArray, "a list", node -> node)),
          Map.entry(Payload.class, (node, place, findings) -> Payload.ofJson(Json.write(node))));

  private static final ClassValue<RecordValueReader> RECORDS =
      new ClassValue<>() {
        @Override
        protected RecordValueReader computeValue(Class<?> type) {
          return new RecordValueReader(type.asSubclass(Record.class));
        }
      };

  private ValueReaders() {}

  /** What a reader does with text. */
  interface Parse {
    Object of(String text);
  }

  private interface Take {
    Object from(JsonNode node);
  }

  /** Throws {@link IllegalArgumentException} when nothing can read {@code type}. */
  static ValueReader of(Type type) {
    if (type instanceof Class<?> plain) {
      ValueReader known = PLAIN.get(plain);
      if (known != null) {
        return known;
      } else if (plain.isEnum()) {
        return word(plain);
      } else if (plain.isRecord()) {
        RecordValueReader reader = RECORDS.get(plain);
        reader.prepare();
        return reader;
      }
    } else if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Optional.class) {
        return new OptionalReader(of(arguments[0]));
      } else if (generic.getRawType() == List.class) {
        return list(of(arguments[0]));
      } else if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return map(of(arguments[1]));
      }
    }
    throw new IllegalArgumentException(
        "no type that a payload can be read into: "
            + type.getTypeName()
            + "; take a record, an enum, String, boolean, int, long, double, BigDecimal, Instant,"
            + " Optional, List or Map<String, ...> of these, JsonNode or Payload");
  }

  static boolean isRecord(Type type) {
    return type instanceof Class<?> plain && plain.isRecord();
  }

  /** Reads text and says what it must be when it can't be read. */
  static ValueReader parsed(String rule, Parse parse) {
    return (node, place, findings) -> {
      try {
        if (node.isTextual()) {
          return parse.of(node.textValue());
        }
      } catch (IllegalArgumentException e) {
        // falls through: the exception may quote the text
      }
      findings.add(place, rule, Shape.of(node));
      return null;
    };
  }

  private static ValueReader fitting(Predicate<JsonNode> fits, String what, Take take) {
    return (node, place, findings) -> {
      if (fits.test(node)) {
        return take.from(node);
      }
      findings.add(place, "must be " + what, Shape.of(node));
      return null;
    };
  }

  private static ValueReader truth() {
    return quick(
        fitting(JsonNode::isBoolean, "true or false", JsonNode::booleanValue), QuickJson::truth);
  }

  private static UUID uuid(String text) {
    UUID uuid = UUID.fromString(text);
    if (!uuid.toString().equalsIgnoreCase(text)) {
      throw new IllegalArgumentException("a shortened UUID");
    }
    return uuid;
  }

  /** An enum constant, as its name in lower case. */
  private static ValueReader word(Class<?> type) {
    Map<String, Object> words = new LinkedHashMap<>();
    Arrays.stream(type.getEnumConstants())
        .forEach(c -> words.put(((Enum<?>) c).name().toLowerCase(Locale.ROOT), c));
    String rule = "must be " + String.join(" or ", words.keySet());
    return quick(
        (node, place, findings) -> {
          Object constant = node.isTextual() ? words.get(node.textValue()) : null;
          if (constant == null) {
            findings.add(place, rule, Shape.of(node));
          }
          return constant;
        },
        in -> known(words.get(in.string())));
  }

  private static Object known(@Nullable Object value) {
    if (value == null) {
      throw new QuickJson.GivesUp();
    }
    return value;
  }

  private static ValueReader quick(ValueReader reader, Function<QuickJson, Object> quickly) {
    return new QuickReader(reader, quickly);
  }

  /** A reader that has its own way of reading quickly. */
  private record QuickReader(ValueReader reader, Function<QuickJson, Object> quickly)
      implements ValueReader {
    @Override
    public @Nullable Object read(JsonNode node, Place place, Findings findings) {
      return reader.read(node, place, findings);
    }

    @Override
    public Object quick(QuickJson in) {
      return quickly.apply(in);
    }
  }

  private static ValueReader list(ValueReader of) {
    return quick(slowList(of), in -> quickList(of, in));
  }

  private static List<Object> quickList(ValueReader of, QuickJson in) {
    List<Object> values = new ArrayList<>();
    in.enter('[');
    if (in.peek() != ']') {
      do {
        values.add(of.quick(in));
      } while (in.take(','));
    }
    in.leave(']');
    return Collections.unmodifiableList(values);
  }

  private static ValueReader slowList(ValueReader of) {
    return (node, place, findings) -> {
      if (!node.isArray()) {
        findings.add(place, "must be a list", Shape.of(node));
        return null;
      }
      List<Object> values = new ArrayList<>(node.size());
      for (int i = 0; i < node.size(); i++) {
        Object value = required(of, node.get(i), place.element(i), findings);
        if (value != null) {
          values.add(value);
        }
      }
      return values.size() == node.size() ? List.copyOf(values) : null;
    };
  }

  private static ValueReader map(ValueReader of) {
    return quick(slowMap(of), in -> quickMap(of, in));
  }

  private static Map<String, Object> quickMap(ValueReader of, QuickJson in) {
    Map<String, Object> values = new LinkedHashMap<>();
    in.enter('{');
    if (in.peek() != '}') {
      do {
        if (values.put(in.text(in.name()), of.quick(in)) != null) {
          throw new QuickJson.GivesUp();
        }
      } while (in.take(','));
    }
    in.leave('}');
    return Collections.unmodifiableMap(values);
  }

  private static ValueReader slowMap(ValueReader of) {
    return (node, place, findings) -> {
      if (!node.isObject()) {
        findings.add(place, "must be an object", Shape.of(node));
        return null;
      }
      Map<String, Object> values = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        Place at = place.member(Names.printable(member.getKey()));
        Object value = required(of, member.getValue(), at, findings);
        if (value != null) {
          values.put(member.getKey(), value);
        }
      }
      return values.size() == node.size() ? Collections.unmodifiableMap(values) : null;
    };
  }

  /** Reads a value that has to be there. */
  static @Nullable Object required(
      ValueReader reader, JsonNode node, Place place, Findings findings) {
    if (!reader.acceptsAbsence() && node.isMissingNode()) {
      findings.add(place, "is required", "nothing");
      return null;
    }
    return reader.read(node, place, findings);
  }

  /** Empty for an absent member and for null. */
  private record OptionalReader(ValueReader of) implements ValueReader {
    @Override
    public @Nullable Object read(JsonNode node, Place place, Findings findings) {
      if (node.isMissingNode() || node.isNull()) {
        return Optional.empty();
      }
      Object value = of.read(node, place, findings);
      return value == null ? null : Optional.of(value);
    }

    @Override
    public Object quick(QuickJson in) {
      return in.takeNull() ? Optional.empty() : Optional.of(of.quick(in));
    }

    @Override
    public boolean acceptsAbsence() {
      return true;
    }
  }
}
