package io.agentweave.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.call.Payload;
import io.agentweave.call.VisibleText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Prints task results. */
final class ResultWriter {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Console console;

  ResultWriter(Console console) {
    this.console = console;
  }

  void write(TaskResult result, OutputFormat format) {
    switch (format) {
      case JSON -> console.out(oneLine(result));
      case TEXT -> writeText(result);
    }
  }

  private void writeText(TaskResult result) {
    result.messages().forEach(message -> message.parts().forEach(this::writePart));
    result.artifacts().forEach(artifact -> artifact.parts().forEach(this::writePart));
    if (!result.isCompleted()) {
      console.fail("the agent failed: " + VisibleText.of("" + result.error()));
    }
  }

  private void writePart(Part part) {
    console.out(
        switch (part) {
          case Part.DataPart(var json) -> pretty(json);
          case Part.TextPart(var text) -> text;
          case Part.FilePart(var name, var type, var content) ->
              VisibleText.of("[file " + name + ", " + type + ", " + content.size() + " bytes]");
          case Part.LinkPart(var name, var type, var url) ->
              VisibleText.of("[file " + name + ", " + type + ", at " + url + "]");
        });
  }

  /** JSON with line breaks, for people. */
  static String pretty(Payload json) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(JSON.readTree(json.bytes()));
    } catch (IOException e) {
      return new String(json.bytes(), StandardCharsets.UTF_8);
    }
  }

  static String oneLine(TaskResult result) {
    ObjectNode out = JSON.createObjectNode();
    out.put("status", result.status().name().toLowerCase(Locale.ROOT));
    ArrayNode messages = out.putArray("messages");
    result.messages().forEach(m -> addParts(messages.addObject(), m.parts()));
    ArrayNode artifacts = out.putArray("artifacts");
    result
        .artifacts()
        .forEach(a -> addParts(artifacts.addObject().put("name", a.name()), a.parts()));
    if (result.error() != null) {
      out.put("error", result.error());
    }
    try {
      return JSON.writeValueAsString(out);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always writable", e);
    }
  }

  private static void addParts(ObjectNode holder, List<Part> parts) {
    ArrayNode array = holder.putArray("parts");
    for (Part part : parts) {
      ObjectNode node = array.addObject();
      switch (part) {
        case Part.DataPart(var json) -> addData(node, json);
        case Part.TextPart(var text) -> node.put("text", text);
        case Part.FilePart(var name, var type, var content) ->
            node.put("filename", name).put("media_type", type).put("raw", content.toByteArray());
        case Part.LinkPart(var name, var type, var url) ->
            node.put("filename", name).put("media_type", type).put("url", url);
      }
    }
  }

  /** What the agent calls JSON may be anything, and is not let out of its place. */
  private static void addData(ObjectNode node, Payload json) {
    try {
      node.set("data", Session.tree(json));
    } catch (IOException notJson) {
      node.put("media_type", "application/json").put("raw", json.bytes());
    }
  }
}
