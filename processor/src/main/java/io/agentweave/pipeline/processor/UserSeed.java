package io.agentweave.pipeline.processor;

import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the first content of the user directory: lines of {@code id,name,tier,is_test} under a line
 * of that heading. Fields hold no commas and no quotes; an empty name is none.
 */
final class UserSeed {
  private static final String HEADING = "id,name,tier,is_test";

  private static final int MOST_BYTES = 64 << 20;

  private UserSeed() {}

  static List<UserTable.Row> read(Path file) {
    try {
      List<String> lines =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(PlainFile.read(file, MOST_BYTES)))
              .toString()
              .lines()
              .toList();
      if (lines.isEmpty() || !lines.getFirst().equals(HEADING)) {
        throw new IllegalStateException(
            "users.seed_file: the first line of " + file + " must be " + HEADING);
      }
      List<UserTable.Row> rows = new ArrayList<>();
      for (int i = 1; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          rows.add(row(file, i + 1, lines.get(i).split(",", -1)));
        }
      }
      return rows;
    } catch (IOException e) {
      throw new IllegalStateException("users.seed_file: " + file + " can't be read", e);
    }
  }

  private static UserTable.Row row(Path file, int line, String[] fields) {
    boolean complete =
        fields.length == 4
            && !fields[0].isBlank()
            && !fields[2].isBlank()
            && (fields[3].equals("true") || fields[3].equals("false"));
    if (!complete) {
      throw new IllegalStateException(
          "users.seed_file: line " + line + " of " + file + " does not fit " + HEADING);
    }
    Optional<String> name = fields[1].isBlank() ? Optional.empty() : Optional.of(fields[1]);
    return new UserTable.Row(fields[0], new User(name, fields[2], fields[3].equals("true")));
  }
}
