package io.agentweave.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A YAML 1.2 file as a tree of nodes that know their lines. Makes no objects but nodes, and keeps
 * to bounds: {@value #MAX_BYTES} bytes, {@value #MAX_DEPTH} levels, {@value #MAX_ALIASES} aliases,
 * one document.
 */
final class YamlDocument {
  static final int MAX_BYTES = 1 << 20;
  static final int MAX_DEPTH = 32;
  static final int MAX_ALIASES = 50;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setSchema(new CoreSchema())
          .setUseMarks(true)
          .setCodePointLimit(MAX_BYTES)
          .setMaxAliasesForCollections(MAX_ALIASES)
          .setAllowNonScalarKeys(true)
          .build();

  private static final Pattern QUOTING =
      Pattern.compile("['\"(\\n].*|(?<=alias|anchor|handle|tag) .*", Pattern.DOTALL);

  /** What is no content: the punctuation that was expected. */
  private static final Pattern PUNCTUATION = Pattern.compile("'([,:?\\[\\]{}-])'");

  private YamlDocument() {}

  /** The top-level keys of a file, or null when it can't be read: then a problem says why. */
  static @Nullable Map<String, Node> sections(Path file, Problems problems) {
    String text = text(file, problems);
    if (text == null) {
      return null;
    }
    try {
      if (!withinBounds(text, problems)) {
        return null;
      }
      Optional<Node> root = new Compose(SETTINGS).composeString(text);
      if (root.isEmpty() || isNull(root.get())) {
        problems.add("", "the file is empty");
        return null;
      }
      return members(root.get(), "", problems);
    } catch (YamlEngineException e) {
      problems.addAtLine(lineOf(e).orElse(0), "", "is not YAML: " + withoutContent(e));
      return null;
    }
  }

  /** A value as it would stand in a file; for defaults. */
  static Node value(String text) {
    return new Compose(SETTINGS)
        .composeString(text)
        .orElseThrow(() -> new IllegalArgumentException("an empty default is written \"\""));
  }

  static boolean isNull(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** The keys of a section with what they hold; null when {@code node} isn't a section. */
  static @Nullable Map<String, Node> members(Node node, String path, Problems problems) {
    if (!(node instanceof MappingNode mapping)) {
      problems.add(path, "must be a section of keys, found " + shape(node));
      return null;
    }
    Map<String, Node> members = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = lineOf(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.addAtLine(line, path, "a key must be text, found " + shape(tuple.getKeyNode()));
        continue;
      }
      String at = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
      if (members.putIfAbsent(key.getValue(), tuple.getValueNode()) == null) {
        problems.located(at, line);
      } else {
        problems.addAtLine(line, at, "the key stands here a second time");
      }
    }
    return members;
  }

  /** What a node is, without its content. */
  static String shape(Node node) {
    return switch (node.getNodeType()) {
      case MAPPING -> "a section of keys";
      case SEQUENCE -> "a list";
      case ANCHOR -> "an alias";
      case SCALAR -> scalarShape((ScalarNode) node);
    };
  }

  private static String scalarShape(ScalarNode node) {
    Tag tag = node.getTag();
    if (tag.equals(Tag.INT)) {
      return "an integer";
    } else if (tag.equals(Tag.FLOAT)) {
      return "a decimal";
    } else if (tag.equals(Tag.BOOL)) {
      return "true or false";
    } else if (tag.equals(Tag.NULL)) {
      return "nothing";
    }
    return "text of " + node.getValue().length() + " characters";
  }

  private static @Nullable String text(Path file, Problems problems) {
    if (!Files.exists(file)) {
      problems.add("", "there is no such file");
      return null;
    }
    if (!Files.isRegularFile(file)) {
      problems.add("", "is not a file");
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        problems.add("", "must be at most " + MAX_BYTES + " bytes");
        return null;
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      problems.add("", "must be UTF-8 text");
      return null;
    } catch (IOException e) {
      problems.add("", "can't be read: " + e.getClass().getSimpleName());
      return null;
    }
  }

  /** Looks at the events first, because composing a tree recurses. */
  private static boolean withinBounds(String text, Problems problems) {
    int depth = 0;
    int aliases = 0;
    int documents = 0;
    for (Event event : new Parse(SETTINGS).parseString(text)) {
      String broken = null;
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        broken = "must not nest deeper than " + MAX_DEPTH + " levels";
      } else if (event instanceof CollectionEndEvent) {
        depth--;
      } else if (event instanceof AliasEvent && ++aliases > MAX_ALIASES) {
        broken = "must not use more than " + MAX_ALIASES + " aliases";
      } else if (event instanceof DocumentStartEvent && ++documents > 1) {
        broken = "must be one document, a second one starts here";
      }
      if (broken != null) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        problems.addAtLine(line, "", broken);
        return false;
      }
    }
    return true;
  }

  private static OptionalInt lineOf(YamlEngineException e) {
    return e instanceof MarkedYamlEngineException marked && marked.getProblemMark().isPresent()
        ? OptionalInt.of(marked.getProblemMark().get().getLine() + 1)
        : OptionalInt.empty();
  }

  /**
   * What the parser says, as far as it can't quote the file: without what it puts in quotes or
   * parentheses, and without the names of aliases and tags.
   */
  private static String withoutContent(YamlEngineException e) {
    String said =
        e instanceof MarkedYamlEngineException marked && marked.getProblem() != null
            ? marked.getProblem()
            : "a character that YAML does not allow";
    if (said.contains("(TAB)")) {
      return "a tab, where only spaces may stand";
    }
    String legible = PUNCTUATION.matcher(said).replaceAll("$1");
    return QUOTING.matcher(legible).replaceFirst("").strip();
  }
}
