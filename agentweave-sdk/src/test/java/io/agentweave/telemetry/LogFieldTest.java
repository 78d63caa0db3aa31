package io.agentweave.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogFieldTest {

  @AfterEach
  void forget() {
    MDC.clear();
  }

  @Test
  void whatWasAbsent_isAbsentAgain() {
    LogField field = LogField.put("request_id", "r", null);
    assertThat(MDC.get("request_id")).isEqualTo("r");

    LogField.restore(field);
    assertThat(MDC.get("request_id")).isNull();
  }

  @Test
  void fieldSetTwice_isWhatItWasBeforeTheFirst() {
    MDC.put("decision_id", "before");
    LogField first = LogField.put("decision_id", "one", null);
    LogField second = LogField.put("decision_id", "two", first);

    LogField.restore(second);
    assertThat(MDC.get("decision_id")).isEqualTo("before");
  }

  @Test
  void fieldsOfOthers_stay() {
    LogField mine = LogField.put("request_id", "r", null);
    MDC.put("tenant", "t");

    LogField.restore(mine);
    assertThat(MDC.get("tenant")).isEqualTo("t");
    LogField.restore(null);
    assertThat(MDC.get("tenant")).isEqualTo("t");
  }
}
