package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the fuzzer reached and found ({@code build/fuzz}), tried again in each build. */
class FuzzCorpusTest {

  @ParameterizedTest
  @EnumSource
  void whatTheFuzzerReached_isReadOrRefused(FuzzTarget target) throws IOException {
    List<Path> corpus = corpus(target);
    assertThat(corpus).isNotEmpty();
    for (Path one : corpus) {
      byte[] bytes = Files.readAllBytes(one);
      try {
        target.read(bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(one.toString(), e);
      }
    }
  }

  private static List<Path> corpus(FuzzTarget target) throws IOException {
    Path folder =
        Path.of(System.getProperty("agentweave.root"))
            .resolve("agentweave-sdk/src/test/resources/fuzz")
            .resolve(target.name().toLowerCase(Locale.ROOT));
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
