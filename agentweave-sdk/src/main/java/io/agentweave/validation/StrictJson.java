package io.agentweave.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree of one JSON text in a single pass without recursion, and checks each token on the
 * way. Text that breaks JSON's grammar ends the reading, all other findings are collected.
 */
final class StrictJson {
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Double.MAX_VALUE);
  private static final int LARGEST_EXPONENT = 400;

  private final JsonLimits limits;
  private final Findings findings = new Findings();
  private final Deque<Open> open = new ArrayDeque<>();

  StrictJson(JsonLimits limits) {
    this.limits = limits;
  }

  JsonReading read(byte[] utf8) {
    if (utf8.length > limits.bytes()) {
      findings.add("", "must be at most " + limits.bytes() + " bytes", utf8.length + " bytes");
      return new JsonReading.Refused(findings.all());
    }
    CharBuffer text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
    } catch (CharacterCodingException e) {
      findings.add("", "must be UTF-8", utf8.length + " bytes that are not");
      return new JsonReading.Refused(findings.all());
    }
    if (text.hasRemaining() && text.charAt(0) == '\uFEFF') {
      findings.add("", "must not start with a byte order mark", utf8.length + " bytes");
      return new JsonReading.Refused(findings.all());
    }
    JsonNode tree = tree(text);
    return tree == null || !findings.none()
        ? new JsonReading.Refused(findings.all())
        : new JsonReading.Parsed(tree);
  }

  private @Nullable JsonNode tree(CharBuffer text) {
    try (JsonParser parser =
        FACTORY.createParser(text.array(), text.arrayOffset(), text.remaining())) {
      try {
        return document(parser);
      } catch (JsonEOFException e) {
        findings.add(place(), "must be complete JSON", "the text ends in line " + line(parser));
      } catch (StreamConstraintsException e) {
        findings.add(place(), "must be JSON of ordinary size", "more in line " + line(parser));
      } catch (IOException e) {
        findings.add(
            place(),
            "must be JSON",
            "a mistake in line "
                + line(parser)
                + ", column "
                + parser.currentLocation().getColumnNr());
      }
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
    return null;
  }

  private static int line(JsonParser parser) {
    return parser.currentLocation().getLineNr();
  }

  private @Nullable JsonNode document(JsonParser parser) throws IOException {
    JsonNode root = null;
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (root != null && open.isEmpty()) {
        findings.add("", "must be one JSON document", "more text after its end");
        return null;
      }
      switch (token) {
        case FIELD_NAME -> name(parser.currentName());
        case END_OBJECT, END_ARRAY -> open.pop();
        case START_OBJECT, START_ARRAY -> {
          ContainerNode<?> container =
              token == JsonToken.START_OBJECT
                  ? JsonNodeFactory.instance.objectNode()
                  : JsonNodeFactory.instance.arrayNode();
          root = root == null ? container : root;
          put(container);
          if (open.size() == limits.depth()) {
            findings.add(
                "", "must not nest deeper than " + limits.depth() + " levels", "a deeper level");
            return null;
          }
          open.push(new Open(container, open.peek()));
        }
        default -> {
          JsonNode value = scalar(token, parser);
          root = root == null ? value : root;
          put(value);
        }
      }
    }
    if (root == null) {
      findings.add("", "must be JSON", "nothing");
    }
    return root;
  }

  private void name(String name) {
    Open object = open.element();
    object.name = name;
    if (object.container.has(name)) {
      findings.add(place(), "must stand only once in its object", "the same name again");
    }
    text(name, "a name");
  }

  private void put(JsonNode value) {
    Open parent = open.peek();
    if (parent == null) {
      return;
    }
    if (parent.container instanceof ObjectNode object) {
      object.set(parent.name, value);
    } else {
      ((ArrayNode) parent.container).add(value);
    }
  }

  private JsonNode scalar(JsonToken token, JsonParser parser) throws IOException {
    return switch (token) {
      case VALUE_STRING -> {
        String text = parser.getText();
        text(text, "text");
        yield TextNode.valueOf(text);
      }
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      case VALUE_TRUE -> BooleanNode.TRUE;
      case VALUE_FALSE -> BooleanNode.FALSE;
      default -> NullNode.instance;
    };
  }

  private void text(String text, String what) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        findings.add(valuePlace(), "must not hold \\u0000", shape(text, what));
        return;
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          findings.add(valuePlace(), "must not hold a lone surrogate", shape(text, what));
          return;
        }
        i++;
      }
    }
  }

  private static String shape(String text, String what) {
    return what + " of " + text.length() + " characters";
  }

  private JsonNode integer(JsonParser parser) throws IOException {
    if (tooLong(parser)) {
      return NullNode.instance;
    }
    return switch (parser.getNumberType()) {
      case INT -> IntNode.valueOf(parser.getIntValue());
      case LONG -> LongNode.valueOf(parser.getLongValue());
      default -> BigIntegerNode.valueOf(new BigInteger(parser.getText()));
    };
  }

  private JsonNode decimal(JsonParser parser) throws IOException {
    if (parser.isNaN()) {
      findings.add(valuePlace(), "must be a number that JSON has", "NaN or an infinity");
      return NullNode.instance;
    }
    if (tooLong(parser)) {
      return NullNode.instance;
    }
    BigDecimal value = null;
    try {
      value = new BigDecimal(parser.getText());
    } catch (NumberFormatException e) {
      // an exponent that not even BigDecimal has
    }
    if (value == null || !isInRange(value)) {
      findings.add(
          valuePlace(),
          "must be a number within the range of a double",
          "a number of " + parser.getTextLength() + " characters");
      return NullNode.instance;
    }
    return DecimalNode.valueOf(value);
  }

  private static boolean isInRange(BigDecimal value) {
    long exponent = (long) value.precision() - value.scale();
    return Math.abs(exponent) <= LARGEST_EXPONENT && value.abs().compareTo(LARGEST) <= 0;
  }

  private boolean tooLong(JsonParser parser) throws IOException {
    int length = parser.getTextLength();
    if (length <= limits.numberLength()) {
      return false;
    }
    findings.add(
        valuePlace(),
        "must be a number of at most " + limits.numberLength() + " characters",
        "a number of " + length + " characters");
    return true;
  }

  private Place place() {
    Open innermost = open.peek();
    return innermost == null ? Place.root() : innermost.here();
  }

  /** Where the scalar goes that has just been read, before it is put there. */
  private Place valuePlace() {
    Open innermost = open.peek();
    return innermost == null ? Place.root() : innermost.next();
  }

  /** A container that is being filled. */
  private static final class Open {
    private final ContainerNode<?> container;
    private final @Nullable Open within;
    private String name = "";

    Open(ContainerNode<?> container, @Nullable Open within) {
      this.container = container;
      this.within = within;
    }

    /** The member or element that was put last. */
    Place here() {
      if (container.isObject()) {
        return name.isEmpty() ? holder() : holder().member(Names.printable(name));
      }
      return container.isEmpty() ? holder() : holder().element(container.size() - 1);
    }

    /** The member or element that comes next. */
    Place next() {
      return container.isObject() ? here() : holder().element(container.size());
    }

    private Place holder() {
      return within == null ? Place.root() : within.here();
    }
  }
}
