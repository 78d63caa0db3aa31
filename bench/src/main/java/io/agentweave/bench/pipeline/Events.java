package io.agentweave.bench.pipeline;

import io.agentweave.bench.MeasurementException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** As many events as one likes: real ones over and over, each under an id that never was before. */
final class Events {
  private static final Pattern ID = Pattern.compile("\"event_id\":\\s*\"([^\"\\\\]+)\"");

  private final List<Template> templates;
  private final String run;
  private final AtomicLong next = new AtomicLong();

  /** An event without its id. */
  private static final class Template {
    private final byte[] before;
    private final byte[] after;

    Template(String line, int idFrom, int idTo) {
      before = line.substring(0, idFrom).getBytes(StandardCharsets.UTF_8);
      after = line.substring(idTo).getBytes(StandardCharsets.UTF_8);
    }
  }

  private Events(List<Template> templates, String run) {
    this.templates = templates;
    this.run = run;
  }

  /**
   * Reads the events to repeat.
   *
   * @param file one event a line, plain or .gz; lines that hold no id are left out
   * @param run part of every new id
   */
  static Events of(Path file, String run) throws IOException {
    List<Template> templates = new ArrayList<>();
    try (InputStream bytes = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher id = ID.matcher(line);
        if (line.startsWith("{") && id.find()) {
          templates.add(new Template(line, id.start(1), id.end(1)));
        }
      }
    }
    if (templates.isEmpty()) {
      throw new MeasurementException("no events in " + file);
    }
    return new Events(templates, run);
  }

  /** Appends the next event. Safe for use by many threads, each with its own {@code out}. */
  void appendNext(ByteArrayOutputStream out) {
    long number = next.getAndIncrement();
    Template template = templates.get((int) (number % templates.size()));
    out.writeBytes(template.before);
    out.writeBytes((run + "-" + number).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(template.after);
  }
}
