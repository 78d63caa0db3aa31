package io.agentweave.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What an agent's {@code /health/ready} says.
 *
 * @param ready whether it takes calls
 * @param detail why not; empty when it does
 */
record AgentHealth(boolean ready, String detail) {
  private static final int PATIENCE_MILLIS = 1000;
  private static final int LONGEST_BODY = 64 * 1024;

  static AgentHealth ask(URI metrics) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) metrics.resolve("/health/ready").toURL().openConnection();
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      connection.setInstanceFollowRedirects(false);
      try {
        int code = connection.getResponseCode();
        if (code == HttpURLConnection.HTTP_OK) {
          return new AgentHealth(true, "");
        }
        return new AgentHealth(false, reasons(code, connection));
      } finally {
        connection.disconnect();
      }
    } catch (IOException silent) {
      return new AgentHealth(false, "does not answer on " + metrics.getAuthority());
    }
  }

  private static String reasons(int code, HttpURLConnection connection) throws IOException {
    if (connection.getErrorStream() == null) {
      return "HTTP " + code;
    }
    String body =
        new String(connection.getErrorStream().readNBytes(LONGEST_BODY), StandardCharsets.UTF_8);
    List<String> reasons = new ArrayList<>();
    try {
      for (JsonNode check : MeshJson.read(body, JsonNode.class).path("checks")) {
        if (!check.path("ready").asBoolean()) {
          reasons.add(check.path("name").asText() + ": " + check.path("detail").asText());
        }
      }
    } catch (IOException notJson) {
      return "HTTP " + code;
    }
    return reasons.isEmpty() ? "HTTP " + code : String.join("; ", reasons);
  }
}
