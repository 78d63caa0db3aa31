package io.agentweave.authz;

import static io.agentweave.authz.Questions.INGESTER;
import static io.agentweave.authz.Questions.PROCESSOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentweave.call.Payload;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyInputJsonTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theDocument_hasExactlyTheFieldsThatTheRulesKnow() throws Exception {
    PolicyInput input =
        Questions.with(Questions.granted(), Payload.ofJson("{\"a\":\"secret\"}"), "task-7");

    ObjectNode document = (ObjectNode) JSON.readTree(PolicyInputJson.document(input));

    assertThat(((ObjectNode) document.get("context")).remove("deadline_ms").intValue())
        .isBetween(20_000, 30_000);
    assertThat(document)
        .isEqualTo(
            JSON.readTree(
                """
                {"direction": "inbound",
                 "caller_spiffe_id": "spiffe://agentweave.io/agent/ingester",
                 "callee_spiffe_id": "spiffe://agentweave.io/agent/processor",
                 "resource_spiffe_id": "spiffe://agentweave.io/agent/processor",
                 "caller_trust_domain": "agentweave.io",
                 "resource_trust_domain": "agentweave.io",
                 "action": "process_event",
                 "timestamp": "2026-11-20T09:30:00Z",
                 "context": {"request_id": "req-1", "task_id": "task-7", "payload_size": 14,
                   "environment": "production", "utc_hour": 9, "utc_weekday": "friday",
                   "rpc": "SendMessage"}}
                """));
  }

  @Test
  void aCallWithoutTask_saysNothingOfOne() throws Exception {
    JsonNode document = JSON.readTree(PolicyInputJson.document(Questions.granted()));

    assertThat(document.get("context").has("task_id")).isFalse();
  }

  @Test
  void theQuestionToOpa_isTheDocumentAsInput() throws Exception {
    PolicyInput input = Questions.outbound(INGESTER, PROCESSOR, "process_event");

    JsonNode question = JSON.readTree(PolicyInputJson.question(input));

    assertThat(question.size()).isEqualTo(1);
    assertThat(question.get("input").get("direction").textValue()).isEqualTo("outbound");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T23:59:59.999Z, 23, sunday",
    "2026-11-23T00:00:00Z, 0, monday",
    "2026-02-28T12:00:00Z, 12, saturday"
  })
  void hourAndWeekday_areThoseOfUtc(Instant timestamp, int hour, String weekday) throws Exception {
    JsonNode document =
        JSON.readTree(PolicyInputJson.document(Questions.at(Questions.granted(), timestamp)));

    assertThat(document.get("context").get("utc_hour").intValue()).isEqualTo(hour);
    assertThat(document.get("context").get("utc_weekday").textValue()).isEqualTo(weekday);
    assertThat(document.get("timestamp").textValue()).isEqualTo(timestamp.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\", \"action\": \"process_event", "\u0000", "\n", "😀", "</script>"})
  void anActionThatLooksLikeJson_staysOneString(String action) throws Exception {
    JsonNode document =
        JSON.readTree(PolicyInputJson.document(Questions.inbound(INGESTER, action)));

    assertThat(document.get("action").textValue()).isEqualTo(action);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude00", "a\ude00\ud83d"})
  void halfASurrogatePair_isNotAskedAbout(String action) {
    assertThatThrownBy(() -> PolicyInputJson.document(Questions.inbound(INGESTER, action)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("action is no Unicode text");
  }
}
