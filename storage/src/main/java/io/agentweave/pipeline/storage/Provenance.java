package io.agentweave.pipeline.storage;

import io.agentweave.call.TraceContext;
import io.agentweave.deadletter.DeadLetter;
import io.agentweave.telemetry.TraceParent;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import io.agentweave.validation.Reading;
import io.agentweave.validation.RecordReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where events came from, kept beside them in the outbox: what happens to them later still belongs
 * to the call that brought them.
 *
 * @param trace where that call was in its trace
 * @param origin who called
 */
record Provenance(@Nullable TraceContext trace, DeadLetter.Origin origin) {
  private static final RecordReader<DeadLetter.Origin> ORIGINS =
      RecordReader.of(DeadLetter.Origin.class);

  @Nullable String traceparent() {
    return trace == null ? null : trace.traceparent();
  }

  String originJson() {
    return Json.writeText(origin);
  }

  static Provenance read(@Nullable String traceparent, String originJson) {
    return new Provenance(
        TraceParent.parse(traceparent),
        origin(originJson).orElseThrow(() -> new IllegalStateException("an unreadable origin")));
  }

  private static Optional<DeadLetter.Origin> origin(String json) {
    if (Json.read(json.getBytes(StandardCharsets.UTF_8)) instanceof JsonReading.Parsed(var tree)
        && ORIGINS.read(tree) instanceof Reading.Read<DeadLetter.Origin>(var origin)) {
      return Optional.of(origin);
    }
    return Optional.empty();
  }
}
