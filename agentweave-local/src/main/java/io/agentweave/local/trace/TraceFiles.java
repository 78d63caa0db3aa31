package io.agentweave.local.trace;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds traces in the files of a {@link TraceStore}; needs no running store.
 *
 * <p>Records are looked through as bytes, once or twice, and decoded only when what is looked for
 * occurs in them: some 100 MiB in well under a second, so that no index has to be kept.
 */
public final class TraceFiles {
  private static final String SUFFIX = ".spans";
  private static final Pattern NAME = Pattern.compile("[0-9]{12}" + Pattern.quote(SUFFIX));

  /** Field 1 of a span, bytes, in the protobuf encoding. */
  private static final byte TRACE_ID_TAG = 0x0a;

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
    Map<String, Instant> latest = new HashMap<>();
    byte[] wanted = value.getBytes(StandardCharsets.UTF_8);
    eachSpan(
        record -> contains(record, wanted),
        span -> {
          if (span.attributes().containsValue(value)) {
            latest.merge(span.traceId(), span.start(), (a, b) -> a.isAfter(b) ? a : b);
          }
        });
    Set<String> newest =
        latest.entrySet().stream()
            .sorted(Map.Entry.<String, Instant>comparingByValue().reversed())
            .limit(limit)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return findAll(newest).values().stream()
        .sorted(Comparator.comparing((Trace trace) -> trace.spans().getFirst().start()).reversed())
        .toList();
  }

  private Map<String, Trace> findAll(Set<String> ids) {
    Set<IdBytes> wanted =
        ids.stream().filter(id -> isHex(id, 32)).map(IdBytes::parse).collect(Collectors.toSet());
    Map<String, Map<String, Span>> spans = new LinkedHashMap<>();
    eachSpan(
        record -> hasSpanOf(record, wanted),
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
          files
              .filter(file -> NAME.matcher(String.valueOf(file.getFileName())).matches())
              .sorted()
              .toList());
    } catch (IOException none) {
      return new ArrayList<>();
    }
  }

  Path segment(long number) {
    return folder.resolve(String.format(Locale.ROOT, "%012d%s", number, SUFFIX));
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

  /** Whether some span in an encoded record may belong to one of these traces. */
  private static boolean hasSpanOf(byte[] record, Set<IdBytes> wanted) {
    ByteBuffer bytes = ByteBuffer.wrap(record);
    for (int i = 0; i + 1 + IdBytes.LENGTH < record.length; i++) {
      if (record[i] == TRACE_ID_TAG
          && record[i + 1] == IdBytes.LENGTH
          && wanted.contains(new IdBytes(bytes.getLong(i + 2), bytes.getLong(i + 10)))) {
        return true;
      }
    }
    return false;
  }

  /** A trace id as it stands in a record. */
  private record IdBytes(long first, long second) {
    private static final int LENGTH = 16;

    static IdBytes parse(String hex) {
      return new IdBytes(
          Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
    }
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
