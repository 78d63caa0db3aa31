package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import io.agentweave.pipeline.contract.NormalizedEvent;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChunksTest {

  private static List<Ingestion.Outgoing> events(int count, int bytes) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Ingestion.Outgoing(
                    new NormalizedEvent(
                        "e" + i,
                        "t",
                        Instant.EPOCH,
                        "u",
                        "s",
                        JsonNodeFactory.instance.objectNode(),
                        "1.0"),
                    bytes))
        .toList();
  }

  private static List<Integer> sizes(int count, int bytes, int most) {
    return Chunks.of(events(count, bytes), most).stream().map(List::size).toList();
  }

  @Test
  void chunks_haveAtMostSoManyEvents() {
    assertThat(sizes(1, 100, 500)).containsExactly(1);
    assertThat(sizes(500, 100, 500)).containsExactly(500);
    assertThat(sizes(1001, 100, 500)).containsExactly(500, 500, 1);
  }

  @Test
  void largeEvents_makeSmallChunks() {
    assertThat(sizes(9, 256 << 10, 500)).containsExactly(4, 4, 1);
  }

  @Test
  void answers_areInTheOrderOfTheEvents() {
    List<Ingestion.Outgoing> events = events(100, 10);
    assertThat(
            Chunks.sendAll(
                Chunks.of(events, 7),
                chunk ->
                    chunk.stream()
                        .map(o -> EventAnswer.of(o.event().eventId(), EventStatus.PROCESSED))
                        .toList()))
        .extracting(a -> a.eventId().orElse(""))
        .containsExactlyElementsOf(events.stream().map(o -> o.event().eventId()).toList());
  }
}
