package io.agentweave.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** JSON for people and for diffs: one member or element of the outermost value a line. */
final class Pretty {
  private Pretty() {}

  static String json(String text) {
    if (!(Json.read(text.getBytes(StandardCharsets.UTF_8))
            instanceof JsonReading.Parsed(JsonNode tree))
        || tree.isEmpty()) {
      return text + "\n";
    }
    List<String> lines = new ArrayList<>();
    if (tree.isObject()) {
      tree.properties()
          .forEach(member -> lines.add("  \"" + member.getKey() + "\": " + member.getValue()));
      return "{\n" + String.join(",\n", lines) + "\n}\n";
    }
    tree.forEach(element -> lines.add("  " + element));
    return "[\n" + String.join(",\n", lines) + "\n]\n";
  }
}
