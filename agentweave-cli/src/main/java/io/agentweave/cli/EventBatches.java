package io.agentweave.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.agentweave.call.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of events, packed into the payloads of {@code ingest_batch}.
 *
 * <p>A line travels as it is. One that is not JSON travels as a JSON string, so that the ingester
 * can refuse it by name and keep it among its dead letters.
 */
final class EventBatches {
  private static final byte[] OPEN = "{\"events\":[".getBytes(StandardCharsets.UTF_8);
  private static final byte[] CLOSE = "]}".getBytes(StandardCharsets.UTF_8);

  private static final JsonFactory ANY_DEPTH =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(Integer.MAX_VALUE).build())
          .build();

  private EventBatches() {}

  /** One payload and the number of events in it. */
  record Batch(Payload payload, int events) {}

  /**
   * Packs {@code lines} in order.
   *
   * @param maxEvents in one batch
   * @param maxBytes of one batch, unless a single line is larger
   */
  static List<Batch> pack(List<byte[]> lines, int maxEvents, int maxBytes) {
    List<Batch> batches = new ArrayList<>();
    ByteArrayOutputStream open = new ByteArrayOutputStream();
    int events = 0;
    for (byte[] line : lines) {
      byte[] element = isJson(line) ? line : quoted(line);
      if (events > 0 && (events == maxEvents || open.size() + element.length > maxBytes)) {
        batches.add(new Batch(Payload.ofJson(close(open)), events));
        events = 0;
      }
      open.writeBytes(events == 0 ? OPEN : new byte[] {','});
      open.writeBytes(element);
      events++;
    }
    if (events > 0) {
      batches.add(new Batch(Payload.ofJson(close(open)), events));
    }
    return batches;
  }

  private static byte[] close(ByteArrayOutputStream open) {
    open.writeBytes(CLOSE);
    byte[] whole = open.toByteArray();
    open.reset();
    return whole;
  }

  /** Whether the line is exactly one JSON value in UTF-8, whatever else may be wrong with it. */
  static boolean isJson(byte[] line) {
    try (JsonParser parser = ANY_DEPTH.createParser(line)) {
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

  private static byte[] quoted(byte[] line) {
    String text = new String(line, StandardCharsets.UTF_8);
    return ("\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"")
        .getBytes(StandardCharsets.UTF_8);
  }
}
