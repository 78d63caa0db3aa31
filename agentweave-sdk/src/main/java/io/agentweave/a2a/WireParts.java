package io.agentweave.a2a;

import com.google.protobuf.ByteString;
import com.google.protobuf.Value;
import io.agentweave.call.Payload;
import io.agentweave.call.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Parts as they travel. JSON is read from either form. */
public final class WireParts {
  /** Of JSON that the other side answers in a data part, when it is written out. */
  private static final int MOST_JSON = 16 << 20;

  /** After so many violations nobody reads more of them. */
  private static final int MOST_VIOLATIONS = 100;

  private WireParts() {}

  public static io.agentweave.a2a.v1.Part write(Part part, JsonForm form) {
    io.agentweave.a2a.v1.Part.Builder wire = io.agentweave.a2a.v1.Part.newBuilder();
    switch (part) {
      case Part.DataPart(Payload json) -> {
        Optional<Value> value = form == JsonForm.DATA ? ValueOfJson.read(json) : Optional.empty();
        value.ifPresentOrElse(wire::setData, () -> wire.setRaw(RawJson.of(json)));
        wire.setMediaType(WireNames.JSON);
      }
      case Part.TextPart(String text) -> wire.setText(text);
      case Part.FilePart(String name, String mediaType, ByteString content) ->
          wire.setRaw(content).setFilename(name).setMediaType(mediaType);
      case Part.LinkPart(String name, String mediaType, String url) ->
          wire.setUrl(url).setFilename(name).setMediaType(mediaType);
    }
    return wire.build();
  }

  public static List<io.agentweave.a2a.v1.Part> write(List<Part> parts, JsonForm form) {
    List<io.agentweave.a2a.v1.Part> written = new ArrayList<>(parts.size());
    for (Part part : parts) {
      written.add(write(part, form));
    }
    return written;
  }

  /**
   * @param field where the part stands, for violations
   * @param mostJson bytes of JSON that a data part may become
   */
  public static Reading<Part> read(io.agentweave.a2a.v1.Part wire, String field, int mostJson) {
    return switch (wire.getContentCase()) {
      case TEXT -> new Reading.Read<>(new Part.TextPart(wire.getText()));
      case URL ->
          new Reading.Read<>(
              new Part.LinkPart(wire.getFilename(), wire.getMediaType(), wire.getUrl()));
      case RAW ->
          new Reading.Read<>(
              isJson(wire)
                  ? new Part.DataPart(RawJson.payload(wire.getRaw()))
                  : new Part.FilePart(wire.getFilename(), wire.getMediaType(), wire.getRaw()));
      case DATA ->
          switch (JsonOfValue.read(wire.getData(), field + ".data", mostJson)) {
            case Reading.Read<Payload>(Payload json) -> new Reading.Read<>(new Part.DataPart(json));
            case Reading.Unreadable<Payload>(var violations) ->
                new Reading.Unreadable<>(violations);
          };
      case CONTENT_NOT_SET ->
          new Reading.Unreadable<>(
              new Violation(field, "a part has text, raw, url or data", "an empty part"));
    };
  }

  /** All of them, or all that is wrong with them. */
  public static Reading<List<Part>> read(List<io.agentweave.a2a.v1.Part> wire, String field) {
    List<Part> parts = new ArrayList<>(wire.size());
    List<Violation> violations = new ArrayList<>();
    for (int i = 0; i < wire.size() && violations.size() < MOST_VIOLATIONS; i++) {
      switch (read(wire.get(i), field + "[" + i + "]", MOST_JSON)) {
        case Reading.Read<Part>(Part part) -> parts.add(part);
        case Reading.Unreadable<Part>(var found) -> violations.addAll(found);
      }
    }
    return violations.isEmpty() ? new Reading.Read<>(parts) : new Reading.Unreadable<>(violations);
  }

  static boolean isJson(io.agentweave.a2a.v1.Part wire) {
    return wire.hasRaw()
        && wire.getFilename().isEmpty()
        && MediaTypes.same(wire.getMediaType(), WireNames.JSON);
  }
}
