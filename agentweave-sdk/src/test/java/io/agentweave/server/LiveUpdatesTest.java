package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.a2a.JsonForm;
import io.agentweave.a2a.Part;
import io.agentweave.a2a.v1.Message;
import io.agentweave.a2a.v1.SendMessageRequest;
import io.agentweave.identity.SpiffeId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveUpdatesTest {
  private static final List<Part> TEXT = List.of(new Part.TextPart("once"));

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ServedTask task =
      new TaskStore(new TaskStore.Limits(10, 1 << 20, Duration.ofMinutes(1)))
          .open(SpiffeId.parse("spiffe://agentweave.io/agent/ingester"), "");
  private final LiveUpdates updates = new LiveUpdates(task, JsonForm.RAW, Optional.empty());

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  @Test
  void artifactWithoutNameOrParts_isTheHandlersError_andNotInTheTask() {
    assertThat(begin(task, Message.getDefaultInstance(), new WorkGuard(timer))).isTrue();
    assertThatThrownBy(() -> updates.artifact("", TEXT, false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has a name");
    assertThatThrownBy(() -> updates.artifact("story", List.of(), false, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("artifact story gets no parts");
    updates.artifact("story", TEXT, false, false);
    assertThatThrownBy(() -> updates.artifact("story", List.of(), true, true))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(task.show(Optional.empty(), true).getArtifactsList())
        .singleElement()
        .satisfies(story -> assertThat(story.getPartsCount()).isEqualTo(1));
  }

  private static boolean begin(ServedTask task, Message message, WorkGuard guard) {
    return task.begin(
        message, SendMessageRequest.newBuilder().setMessage(message).build().toByteString(), guard);
  }
}
