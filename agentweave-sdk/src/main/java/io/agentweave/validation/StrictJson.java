package io.agentweave.validation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.agentweave.call.Utf16;
import io.agentweave.call.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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
          .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final int CONTAINER = 160;
  private static final int NAME = 80;
  private static final int TEXT = 64;
  private static final int NUMBER = 24;
  private static final int PLACE = 8;

  /** What is smaller than this is not worth asking for. */
  private static final int ROOM_AT_ONCE = 64 << 10;

  /** What malformed bytes are read as, and what three well-formed ones are. */
  private static final char REPLACEMENT = '\uFFFD';

  private final JsonLimits limits;
  private final Findings findings = new Findings();
  private final ExactNumbers numbers;
  private final Deque<OpenContainer> open = new ArrayDeque<>();

  /** Whether the text may name characters by their number. */
  private boolean escapes;

  private boolean complete;

  /** What has become of the tree so far takes about so much of the heap. */
  private long treeBytes;

  /** Of which room has been made for so much. */
  private long roomBytes;

  StrictJson(JsonLimits limits) {
    this.limits = limits;
    this.numbers = new ExactNumbers(limits, findings);
  }

  JsonReading read(byte[] utf8) {
    if (utf8.length > limits.bytes()) {
      return new JsonReading.Refused(List.of(tooLarge(utf8.length, limits)));
    }
    String text = new String(utf8, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0 && !isUtf8(utf8)) {
      findings.add("", "must be UTF-8", utf8.length + " bytes that are not");
      return new JsonReading.Refused(findings.all());
    }
    if (!text.isEmpty() && text.charAt(0) == '\uFEFF') {
      findings.add("", "must not start with a byte order mark", utf8.length + " bytes");
      return new JsonReading.Refused(findings.all());
    }
    escapes = text.contains("\\u");
    JsonNode tree = tree(text);
    return tree == null || !findings.none()
        ? new JsonReading.Refused(findings.all())
        : new JsonReading.Parsed(tree);
  }

  static Violation tooLarge(int bytes, JsonLimits limits) {
    return new Violation("", "must be at most " + limits.bytes() + " bytes", bytes + " bytes");
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private @Nullable JsonNode tree(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      try {
        return document(parser);
      } catch (JsonEOFException e) {
        findings.add("", "must be complete JSON", "the text ends in line " + line(parser));
      } catch (StreamConstraintsException e) {
        findings.add("", "must be JSON of ordinary size", "more in line " + line(parser));
      } catch (IOException e) {
        findings.add("", rule(e), "a mistake in " + position(parser));
      }
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory failed", e);
    }
    return null;
  }

  private String rule(IOException e) {
    if (complete) {
      return "must be one JSON document";
    }
    // The parser gives up on it in a name, and hands it out in other text.
    return String.valueOf(e.getMessage()).contains("surrogate")
        ? "must not hold a lone surrogate in a name"
        : "must be JSON";
  }

  private static int line(JsonParser parser) {
    return parser.currentLocation().getLineNr();
  }

  private static String position(JsonParser parser) {
    return "line " + line(parser) + ", column " + parser.currentLocation().getColumnNr();
  }

  private @Nullable JsonNode document(JsonParser parser) throws IOException {
    JsonNode root = null;
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (complete) {
        findings.add("", "must be one JSON document", "more text after its end");
        return null;
      }
      if (!fits(token, parser)) {
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
          open.push(new OpenContainer(container, open.peek()));
        }
        default -> {
          JsonNode value = scalar(token, parser);
          root = root == null ? value : root;
          put(value);
        }
      }
      complete = open.isEmpty();
    }
    if (root == null) {
      findings.add("", "must be JSON", "nothing");
    }
    return root;
  }

  /** Two bytes of text may become a hundred of objects. */
  private boolean fits(JsonToken token, JsonParser parser) throws IOException {
    treeBytes +=
        switch (token) {
          case START_OBJECT, START_ARRAY -> CONTAINER;
          case FIELD_NAME -> NAME + parser.getTextLength();
          case VALUE_STRING -> TEXT + parser.getTextLength();
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> NUMBER;
          default -> PLACE;
        };
    if (treeBytes > limits.treeBytes()) {
      findings.add("", "must be of fewer objects, lists and values", "more than there is room for");
      return false;
    }
    if (treeBytes - roomBytes >= ROOM_AT_ONCE) {
      if (!TreeRoom.take(treeBytes - roomBytes)) {
        findings.add("", "must find room beside what else its sender sends", "no room just now");
        return false;
      }
      roomBytes = treeBytes;
    }
    return true;
  }

  private void name(String name) {
    OpenContainer object = open.element();
    object.named(name);
    if (object.container().has(name)) {
      findings.add(place(), "must stand only once in its object", "the same name again");
    }
    text(name, "a name");
  }

  private void put(JsonNode value) {
    OpenContainer parent = open.peek();
    if (parent != null) {
      parent.put(value);
    }
  }

  private JsonNode scalar(JsonToken token, JsonParser parser) throws IOException {
    return switch (token) {
      case VALUE_STRING -> {
        String text = parser.getText();
        text(text, "text");
        yield TextNode.valueOf(text);
      }
      case VALUE_NUMBER_INT -> numbers.integer(parser, this::valuePlace);
      case VALUE_NUMBER_FLOAT -> numbers.decimal(parser, this::valuePlace);
      case VALUE_TRUE -> BooleanNode.TRUE;
      case VALUE_FALSE -> BooleanNode.FALSE;
      default -> NullNode.instance;
    };
  }

  /** Well-formed UTF-8 has no lone surrogate, and the grammar no NUL: only an escape brings one. */
  private void text(String text, String what) {
    if (!escapes) {
      return;
    }
    if (text.indexOf('\0') >= 0) {
      findings.add(valuePlace(), "must not hold \\u0000", shape(text, what));
    } else if (Utf16.hasLoneSurrogate(text)) {
      findings.add(valuePlace(), "must not hold a lone surrogate", shape(text, what));
    }
  }

  private static String shape(String text, String what) {
    return what + " of " + text.length() + " characters";
  }

  private Place place() {
    OpenContainer innermost = open.peek();
    return innermost == null ? Place.root() : innermost.here();
  }

  /** Where the scalar goes that has just been read, before it is put there. */
  private Place valuePlace() {
    OpenContainer innermost = open.peek();
    return innermost == null ? Place.root() : innermost.next();
  }
}
