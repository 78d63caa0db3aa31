package io.agentweave.pipeline.ingester;

import io.agentweave.pipeline.contract.EventAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A batch in pieces that the next agent takes at once, sent beside each other. */
final class Chunks {
  /**
   * Well below the limit of a payload, because trees of JSON that is mostly brackets take thirty
   * times as much memory as its text.
   */
  private static final int MOST_BYTES = 512 << 10;

  private Chunks() {}

  /** Sends one chunk and answers for each event in turn; has its own bound on concurrency. */
  interface Send {
    List<EventAnswer> send(List<Ingestion.Outgoing> chunk);
  }

  static List<List<Ingestion.Outgoing>> of(List<Ingestion.Outgoing> events, int mostEvents) {
    List<List<Ingestion.Outgoing>> chunks = new ArrayList<>();
    int start = 0;
    int bytes = 0;
    for (int i = 0; i < events.size(); i++) {
      bytes += events.get(i).json().size();
      if (i > start && (i - start == mostEvents || bytes > MOST_BYTES)) {
        chunks.add(events.subList(start, i));
        start = i;
        bytes = events.get(i).json().size();
      }
    }
    chunks.add(events.subList(start, events.size()));
    return chunks;
  }

  /** The answers of all chunks, in order. A single one is sent by the calling thread. */
  static List<EventAnswer> sendAll(List<List<Ingestion.Outgoing>> chunks, Send send) {
    if (chunks.size() == 1) {
      return send.send(chunks.getFirst());
    }
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("chunk-", 0).factory())) {
      List<Future<List<EventAnswer>>> sent = new ArrayList<>();
      for (List<Ingestion.Outgoing> chunk : chunks) {
        sent.add(threads.submit(() -> send.send(chunk)));
      }
      List<EventAnswer> answers = new ArrayList<>();
      for (Future<List<EventAnswer>> chunk : sent) {
        answers.addAll(answersOf(chunk));
      }
      return answers;
    }
  }

  private static List<EventAnswer> answersOf(Future<List<EventAnswer>> chunk) {
    try {
      return chunk.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a chunk failed without an answer", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while chunks were under way", e);
    }
  }
}
