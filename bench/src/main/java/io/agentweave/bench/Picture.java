package io.agentweave.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Bars: what each way of calling carries, and how long one call takes. */
final class Picture {
  private static final Map<String, String> VARIANTS = variants();
  private static final int LABELS = 300;
  private static final int BARS = 420;
  private static final int ROW = 22;

  private Picture() {}

  private static Map<String, String> variants() {
    Map<String, String> variants = new LinkedHashMap<>();
    variants.put("raw_direct", "gRPC, mutual TLS, direct");
    variants.put("raw_virtual_threads", "gRPC, mutual TLS, virtual threads");
    variants.put("raw_default", "gRPC, mutual TLS, default executor");
    variants.put("agentweave", "AgentWeave, policy embedded");
    variants.put("agentweave_opa_unix_reused", "AgentWeave, OPA, permits reused");
    variants.put("agentweave_opa_unix", "AgentWeave, OPA, Unix socket");
    variants.put("agentweave_opa_http", "AgentWeave, OPA, HTTP");
    return variants;
  }

  static String of(Map<String, Object> numbers) {
    List<String> lines = new ArrayList<>();
    int y = chart(lines, numbers, "Calls a second, 64 callers", "_calls_per_s", "", 24);
    y = chart(lines, numbers, "p50 of one call, 1 caller", "_p50_us", " µs", y + 30);
    return String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"13\">%n<rect width=\"100%%\""
                + " height=\"100%%\" fill=\"white\"/>%n",
            LABELS + BARS + 100,
            y)
        + String.join("\n", lines)
        + "\n</svg>\n";
  }

  private static int chart(
      List<String> lines,
      Map<String, Object> numbers,
      String title,
      String key,
      String unit,
      int top) {
    double most =
        VARIANTS.keySet().stream().mapToDouble(name -> value(numbers, name + key)).max().orElse(1);
    lines.add(text(8, top, title, "bold"));
    int y = top + 10;
    for (Map.Entry<String, String> variant : VARIANTS.entrySet()) {
      double value = value(numbers, variant.getKey() + key);
      if (value > 0) {
        int width = (int) Math.max(1, BARS * value / most);
        lines.add(text(8, y + 15, variant.getValue(), "normal"));
        lines.add(
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>"
                .formatted(
                    LABELS,
                    y + 3,
                    width,
                    ROW - 6,
                    variant.getKey().startsWith("raw") ? "#9aa5b1" : "#2563eb"));
        lines.add(
            text(
                LABELS + width + 6,
                y + 15,
                String.format(Locale.ROOT, "%,.0f%s", value, unit),
                "normal"));
        y += ROW;
      }
    }
    return y + 10;
  }

  private static double value(Map<String, Object> numbers, String key) {
    return numbers.get(key) instanceof Number number ? number.doubleValue() : 0;
  }

  private static String text(int x, int y, String content, String weight) {
    return "<text x=\"%d\" y=\"%d\" font-weight=\"%s\">%s</text>".formatted(x, y, weight, content);
  }
}
