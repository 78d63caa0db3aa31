package io.agentweave.local.trace;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds traces in the files of a {@link TraceStore}; needs no running store.
 *
 * <p>Records are looked through as bytes and decoded only when what is looked for occurs in them:
 * some 100 MiB in well under a second, so that no index has to be kept.
 */
public final class TraceFiles {
  private static final String SUFFIX = ".spans";

  private final Path folder;

  public TraceFiles(Path folder) {
    this.folder = folder;
  }

  /** The trace with this id (32 hex digits). */
  public Optional<Trace> find(String traceId) {
    String id = traceId.toLowerCase(Locale.ROOT);
    return Optional.ofNullable(findAll(Set.of(id)).get(id));
  }

  /**
   * The newest traces that have a span with this id, or with an attribute of exactly this value: a
   * request id, an event id, a decision id.
   */
  public List<Trace> search(String value, int limit) {
    if (isHex(value, 32)) {
      Optional<Trace> trace = find(value);
      if (trace.isPresent()) {
        return List.of(trace.get());
      }
    }
    Set<String> ids = new LinkedHashSet<>();
    byte[] wanted = value.getBytes(StandardCharsets.UTF_8);
    eachSpan(
        record -> contains(record, wanted),
        span -> {
          if (span.attributes().containsValue(value)) {
            ids.add(span.traceId());
          }
        });
    return findAll(ids).values().stream()
        .sorted(Comparator.comparing((Trace trace) -> trace.spans().getFirst().start()).reversed())
        .limit(limit)
        .toList();
  }

  private Map<String, Trace> findAll(Set<String> ids) {
    List<byte[]> wanted =
        ids.stream().filter(id -> isHex(id, 32)).map(HexFormat.of()::parseHex).toList();
    Map<String, Map<String, Span>> spans = new LinkedHashMap<>();
    eachSpan(
        record -> wanted.stream().anyMatch(id -> contains(record, id)),
        span -> {
          if (ids.contains(span.traceId())) {
            // An exporter that got no answer sends the same spans again.
            spans
                .computeIfAbsent(span.traceId(), id -> new LinkedHashMap<>())
                .put(span.spanId(), span);
          }
        });
    Map<String, Trace> traces = new LinkedHashMap<>();
    spans.forEach((id, found) -> traces.put(id, new Trace(id, List.copyOf(found.values()))));
    return traces;
  }

  private void eachSpan(Predicate<byte[]> candidate, Consumer<Span> found) {
    for (Path file : segments()) {
      try {
        SegmentFile.read(
            file,
            record -> {
              if (candidate.test(record)) {
                decode(record).forEach(found);
              }
            });
      } catch (NoSuchFileException dropped) {
        // The store made room meanwhile.
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }

  /** Oldest first. */
  List<Path> segments() {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList());
    } catch (IOException none) {
      return new ArrayList<>();
    }
  }

  Path segment(long number) {
    return folder.resolve("%012d%s".formatted(number, SUFFIX));
  }

  private static List<Span> decode(byte[] record) {
    try {
      return OtlpSpans.of(ExportTraceServiceRequest.parseFrom(record));
    } catch (InvalidProtocolBufferException damaged) {
      return List.of();
    }
  }

  private static boolean isHex(String text, int digits) {
    return text.length() == digits && text.chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  private static boolean contains(byte[] text, byte[] wanted) {
    if (wanted.length == 0) {
      return false;
    }
    byte first = wanted[0];
    for (int i = 0; i <= text.length - wanted.length; i++) {
      if (text[i] == first && Arrays.equals(text, i, i + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }
}
