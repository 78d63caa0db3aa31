package io.agentweave.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.a2a.TaskResult.Artifact;
import io.agentweave.call.CallOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandlerEndTest {
  private static final Part TEXT = new Part.TextPart("x");

  private static TaskResult with(Artifact... artifacts) {
    return new TaskResult(
        TaskResult.Status.COMPLETED, List.of(), List.of(artifacts), /* error= */ null);
  }

  @Test
  void artifactsOfTheirOwnNames_areTheResult() {
    TaskResult result =
        with(new Artifact("a", List.of(TEXT)), new Artifact("b", List.of(TEXT, TEXT)));
    assertThat(HandlerEnd.returned(result)).isEqualTo(new CallOutcome.Answered<>(result, true));
  }

  @Test
  void twoArtifactsOfOneName_areAnError_becauseCallersWouldSeeOne() {
    TaskResult result = with(new Artifact("a", List.of(TEXT)), new Artifact("a", List.of(TEXT)));
    assertThatThrownBy(() -> HandlerEnd.returned(result))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two artifacts are named a");
  }

  @Test
  void artifactWithoutPartsOrName_isAnError() {
    assertThatThrownBy(() -> HandlerEnd.returned(with(new Artifact("a", List.of()))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("artifact a has no parts");
    assertThatThrownBy(() -> HandlerEnd.returned(with(new Artifact("", List.of(TEXT)))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has a name");
  }

  @Test
  void numberThatJsonHasNot_isAnErrorThatNamesItsField() {
    record Mean(double meanTime) {}
    assertThatThrownBy(() -> HandlerEnd.returned(new Mean(0.0 / 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mean_time must be a finite number");
  }
}
