package io.agentweave.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stands in this module because its class path is the one that ships; that of the local mesh's own
 * tests has more. Other tests find what an earlier run unpacked.
 */
final class PostgresBinariesTest {
  @TempDir private Path cache = Path.of(".");

  @Test
  void emptyCache_isFilled_andThenUsed() throws IOException {
    Path programs = PostgresBinaries.unpackedIn(cache);

    assertThat(programs.resolve("bin/postgres")).isExecutable();
    try (Stream<Path> all = Files.list(cache)) {
      assertThat(all).containsExactly(programs);
    }
    assertThat(PostgresBinaries.unpackedIn(cache)).isEqualTo(programs);
  }
}
