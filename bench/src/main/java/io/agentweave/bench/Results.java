package io.agentweave.bench;

import io.agentweave.validation.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured: the few numbers that matter, by name, and all that they come from. */
public final class Results {
  static final String LOW = "_low";
  static final String HIGH = "_high";

  private final Map<String, Object> numbers = new LinkedHashMap<>();
  private final Map<String, Object> raw = new LinkedHashMap<>();
  private final List<String> texts = new ArrayList<>();

  /**
   * Keeps the middle as {@code key}, and beside it the lowest and the highest where they differ.
   */
  public void put(String key, Median found) {
    put(key, found.middle());
    if (found.low() < found.high()) {
      put(key + LOW, found.low());
      put(key + HIGH, found.high());
    }
  }

  /** Keeps one number, to three significant digits or so; one that is none is left out. */
  public void put(String key, double value) {
    if (!Double.isNaN(value) && !Double.isInfinite(value)) {
      double scale = Math.pow(10, 3 - Math.ceil(Math.log10(Math.abs(value) + 1e-12)));
      numbers.put(
          key, Math.abs(value) >= 1000 ? Math.round(value) : Math.round(value * scale) / scale);
    }
  }

  /** Keeps what a number came from, as {@code NAME.json}. */
  public void raw(String name, Object value) {
    raw.put(name, value);
  }

  /** Keeps a table for the terminal. */
  public void text(String table) {
    texts.add(table);
  }

  public Map<String, Object> numbers() {
    return numbers;
  }

  public String texts() {
    return String.join("\n", texts);
  }

  /** Writes {@code latest.json} and a file for each raw part. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, Object> part : raw.entrySet()) {
      Files.writeString(
          folder.resolve(part.getKey() + ".json"), Pretty.json(Json.writeText(part.getValue())));
    }
    Files.writeString(folder.resolve("latest.json"), Pretty.json(Json.writeText(numbers)));
    Files.writeString(folder.resolve("tables.txt"), texts() + "\n");
  }
}
