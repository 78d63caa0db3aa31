package io.agentweave.bench.call;

import io.agentweave.pipeline.contract.Event;
import java.nio.charset.StandardCharsets;

/** What is sent and answered, the same in every variant. */
final class Sample {
  static final int PAYLOAD_BYTES = 500;

  /** What the handler answers. */
  record Received(String status) {}

  /** The parameters of the measured capability. */
  record Request(Event eventData) {}

  static final byte[] ANSWER = "{\"status\":\"received\"}".getBytes(StandardCharsets.UTF_8);

  private Sample() {}

  /** A JSON event of exactly {@link #PAYLOAD_BYTES}. */
  static byte[] payload() {
    String start =
        "{\"event_data\":{\"event_id\":\"web-d73252f888b3c4f0\",\"event_type\":\"http_get\","
            + "\"timestamp\":\"2015-05-17T10:05:03Z\",\"user_id\":\"83.149.9.216\",\"source\":\"apache\","
            + "\"properties\":{\"path\":\"/presentations/images/kibana-search.png\",\"protocol\":\"HTTP/1.1\","
            + "\"status\":200,\"bytes\":203023,\"referrer\":\"http://semicomplete.com/presentations/\",\"user_agent\":\"Mozilla/5.0"
            + " (Macintosh; Intel Mac OS X 10_9_1) ";
    String end = "\"}}}";
    return (start + "x".repeat(PAYLOAD_BYTES - start.length() - end.length()) + end)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
