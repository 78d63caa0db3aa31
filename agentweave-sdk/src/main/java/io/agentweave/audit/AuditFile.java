package io.agentweave.audit;

import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One file of an audit directory, named after its first record so that a name is enough to see what
 * is missing.
 */
record AuditFile(Path path, long firstSequence) {
  private static final Pattern NAME = Pattern.compile("audit-([0-9]{16})\\.jsonl");

  static AuditFile startingAt(Path directory, long sequence) {
    return new AuditFile(
        directory.resolve(String.format(Locale.ROOT, "audit-%016d.jsonl", sequence)), sequence);
  }

  static Optional<AuditFile> of(Path path) {
    Matcher name = NAME.matcher(path.getFileName() == null ? "" : path.getFileName().toString());
    return name.matches()
        ? Optional.of(new AuditFile(path, Long.parseLong(name.group(1))))
        : Optional.empty();
  }

  /** The directory's files in the order of their records. */
  static List<AuditFile> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(AuditFile::of)
          .flatMap(Optional::stream)
          .sorted(Comparator.comparingLong(AuditFile::firstSequence))
          .toList();
    }
  }

  String name() {
    return String.valueOf(path.getFileName());
  }

  /** Its bytes from {@code offset} on. */
  InputStream read(long offset) throws IOException {
    InputStream in = PlainFile.open(path);
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }
}
