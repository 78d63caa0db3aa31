package io.agentweave.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.agentweave.call.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Lines of events, packed into the payloads of {@code ingest_batch}.
 *
 * <p>A line travels as it is. One that is not JSON travels as a JSON string, so that the ingester
 * can refuse it by name and keep it among its dead letters; one that is not even UTF-8 as {@code
 * {"line_base64": "…"}}, which loses none of its bytes.
 */
final class EventBatches {
  private static final byte[] OPEN = "{\"events\":[".getBytes(StandardCharsets.UTF_8);
  private static final byte[] CLOSE = "]}".getBytes(StandardCharsets.UTF_8);

  /**
   * Far more than any agent takes, and few enough that reading them needs no memory worth naming. A
   * line that goes deeper travels like one that is not JSON.
   */
  private static final int MOST_LEVELS = 100_000;

  private static final JsonFactory DEEP =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MOST_LEVELS).build())
          .build();

  private EventBatches() {}

  /**
   * Events that travel together.
   *
   * @param elements JSON values, in order
   */
  record Batch(List<EventLine> elements) {

    Payload payload() {
      ByteArrayOutputStream json = new ByteArrayOutputStream();
      json.writeBytes(OPEN);
      for (int i = 0; i < elements.size(); i++) {
        if (i > 0) {
          json.write(',');
        }
        json.writeBytes(elements.get(i).bytes());
      }
      json.writeBytes(CLOSE);
      return Payload.ofJson(json.toByteArray());
    }
  }

  /** Makes a line an element: itself, or what stands for it when it is not JSON. */
  static EventLine element(EventLine line) {
    return isJson(line.bytes()) ? line : line.as(standIn(line.bytes()));
  }

  /** The size of a batch of nothing but this. */
  static long sizeAlone(EventLine element) {
    return OPEN.length + (long) element.bytes().length + CLOSE.length;
  }

  /**
   * Packs {@code elements} in order.
   *
   * @param maxEvents in one batch
   * @param maxBytes of one batch, unless a single element is larger
   */
  static List<Batch> pack(List<EventLine> elements, int maxEvents, int maxBytes) {
    List<Batch> batches = new ArrayList<>();
    List<EventLine> open = new ArrayList<>();
    long bytes = 0;
    for (EventLine element : elements) {
      int size = element.bytes().length;
      if (!open.isEmpty() && (open.size() == maxEvents || bytes + size > maxBytes)) {
        batches.add(new Batch(List.copyOf(open)));
        open.clear();
        bytes = 0;
      }
      open.add(element);
      bytes += size + 1;
    }
    if (!open.isEmpty()) {
      batches.add(new Batch(List.copyOf(open)));
    }
    return batches;
  }

  /**
   * Whether the line is exactly one JSON value in UTF-8, whatever else may be wrong with it but
   * endless nesting. Given the bytes, the parser would take other encodings too, and pass over a
   * byte order mark: within a batch such a line would spoil all others.
   */
  static boolean isJson(byte[] line) {
    try (JsonParser parser =
        DEEP.createParser(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString())) {
      int depth = 0;
      do {
        JsonToken token = parser.nextToken();
        if (token == null) {
          return false;
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        parser.finishToken();
      } while (depth > 0);
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static byte[] standIn(byte[] line) {
    String json;
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      json = "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    } catch (CharacterCodingException e) {
      json = "{\"line_base64\":\"" + Base64.getEncoder().encodeToString(line) + "\"}";
    }
    return json.getBytes(StandardCharsets.UTF_8);
  }
}
