package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstCountsTest {
  private static final Path ROOT = Path.of(System.getProperty("agentweave.root"));
  private static final Path SOURCES = ROOT.resolve("agentweave-sdk/src/main/java/io/agentweave");

  @TempDir Path directory;

  static final class Idle extends SecureAgent {
    @Capability("nothing")
    public String nothing() {
      return "";
    }
  }

  @Test
  void everyCounterThatAnAlertLooksAt_isThereBeforeTheFirstCall() throws Exception {
    Set<String> watched =
        words(
            Files.readString(ROOT.resolve("deploy/prometheus/alerts.yaml")),
            "\\b(agentweave_[a-z_]+_total)\\b");
    assertThat(watched).hasSizeGreaterThan(5);
    try (AgentScene scene = new AgentScene(directory);
        HttpClient http = HttpClient.newHttpClient()) {
      RunningAgent agent = scene.start("idle", new Idle(), "nothing");
      URI uri = URI.create("http://127.0.0.1:" + agent.metricsPort().getAsInt() + "/metrics");
      String metrics =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      assertThat(words(metrics, "(?m)^(agentweave_[a-z_]+_total)\\S* 0\\.0$")).containsAll(watched);
      assertThat(metrics)
          .contains(
              "agentweave_decisions_total{direction=\"inbound\",outcome=\"unavailable\"} 0.0",
              "agentweave_handshakes_refused_total{direction=\"inbound\",rule=\"expired\"} 0.0",
              "agentweave_handshakes_refused_total{direction=\"outbound\",rule=\"expired\"} 0.0",
              "agentweave_calls_total{capability=\"nothing\",direction=\"inbound\",outcome=\"denied\"}"
                  + " 0.0",
              "agentweave_calls_limited_total{limit=\"peer_rate\"} 0.0",
              "agentweave_dead_letters_added_total{reason=\"failed\"} 0.0",
              "agentweave_spans_dropped_total{cause=\"export_failed\"} 0.0");
    }
  }

  /** A limit that is added has to begin at zero too. */
  @Test
  void everyWordOfALimit_isKnown() throws Exception {
    String code = code("server") + code("admission");
    String word = "\\(\\s*\"([a-z_]+)\"";
    assertThat(words(code, "(?:Overloaded|overloaded|turnedAway)" + word))
        .containsExactlyInAnyOrderElementsOf(FirstCounts.LIMITS);
    assertThat(words(code, "\\b(?:cut|end|flooded)\\((?:channel,)?\\s*\"([a-z_]+)\""))
        .containsExactlyInAnyOrderElementsOf(FirstCounts.CUTS);
    assertThat(words(code, "\\brejected" + word))
        .containsExactlyInAnyOrderElementsOf(FirstCounts.REJECTIONS);
  }

  private static Set<String> words(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult found) -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String code(String folder) throws IOException {
    StringBuilder code = new StringBuilder();
    try (var files = Files.list(SOURCES.resolve(folder))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        code.append(Files.readString(file));
      }
    }
    return code.toString();
  }
}
