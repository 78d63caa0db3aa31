package io.agentweave.pipeline.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.call.Payload;
import io.agentweave.pipeline.contract.EventAnswer;
import io.agentweave.pipeline.contract.EventStatus;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChunksTest {

  private static List<Ingestion.Outgoing> events(int count, int bytes) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Ingestion.Outgoing(
                    "e" + i,
                    "s",
                    Payload.ofJson("{\"event_id\":\"e" + i + "\"}" + " ".repeat(bytes))))
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
    assertThat(sizes(9, 128 << 10, 500)).containsExactly(3, 3, 3);
  }

  @Test
  void answers_areInTheOrderOfTheEvents() {
    List<Ingestion.Outgoing> events = events(100, 10);
    assertThat(
            Chunks.sendAll(
                Chunks.of(events, 7),
                chunk ->
                    chunk.stream()
                        .map(o -> EventAnswer.of(o.eventId(), EventStatus.PROCESSED))
                        .toList()))
        .extracting(a -> a.eventId().orElse(""))
        .containsExactlyElementsOf(events.stream().map(o -> o.eventId()).toList());
  }
}
