package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class SamplesTest {
  private static final Path SAMPLES = Path.of(System.getProperty("agentweave.root"), "samples");

  @Test
  void sampleEvents_areAsTheirPageSays() throws IOException {
    long invalid = 0;
    long received = 0;
    for (byte[] line : lines()) {
      received++;
      invalid += Validation.of(JsonSlice.of(line)) instanceof Validation.Invalid ? 1 : 0;
    }
    assertThat(received).isEqualTo(412);
    assertThat(invalid).isEqualTo(31);
  }

  @Test
  void seedsBatch_isTaken() throws IOException {
    Payload batch = Payload.ofJson(Files.readAllBytes(SAMPLES.resolve("sample_events.json")));
    assertThat(IngestRequest.many(batch, 1000))
        .isInstanceOfSatisfying(
            IngestRequest.Events.class,
            events ->
                assertThat(events.slices())
                    .hasSize(5)
                    .allMatch(slice -> Validation.of(slice) instanceof Validation.Valid));
  }

  private static Iterable<byte[]> lines() throws IOException {
    return Files.readAllLines(SAMPLES.resolve("events.ndjson")).stream()
        .map(line -> line.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .toList();
  }
}
