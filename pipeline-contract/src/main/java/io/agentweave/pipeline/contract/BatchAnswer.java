package io.agentweave.pipeline.contract;

import io.agentweave.a2a.Part;
import io.agentweave.a2a.TaskResult;
import io.agentweave.validation.JsonText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answer for a batch: one answer for each event, in the order of the request.
 *
 * @param total number of events in the request
 * @param succeeded how many need no further attention
 * @param failed the others: invalid and failed ones together
 * @param totals how many of each status, by its word
 * @param events the answers themselves
 */
public record BatchAnswer(
    int total, int succeeded, int failed, Map<String, Integer> totals, List<EventAnswer> events) {

  public static BatchAnswer of(List<EventAnswer> events) {
    Map<String, Integer> totals = new TreeMap<>();
    EventStatus.count(events, (status, count) -> totals.put(status.word(), count));
    int succeeded = 0;
    for (EventAnswer answer : events) {
      succeeded += answer.status().succeeded() ? 1 : 0;
    }
    return new BatchAnswer(
        events.size(), succeeded, events.size() - succeeded, totals, List.copyOf(events));
  }

  /** A call's result that holds it. */
  public TaskResult result() {
    JsonText out = new JsonText(200 + 160 * events.size());
    out.raw("{\"total\":").number(total);
    out.raw(",\"succeeded\":").number(succeeded);
    out.raw(",\"failed\":").number(failed);
    String separator = ",\"totals\":{";
    for (Map.Entry<String, Integer> entry : totals.entrySet()) {
      out.raw(separator).string(entry.getKey()).raw(":").number(entry.getValue());
      separator = ",";
    }
    out.raw(totals.isEmpty() ? ",\"totals\":{}" : "}");
    separator = ",\"events\":[";
    for (EventAnswer event : events) {
      out.raw(separator);
      event.writeTo(out);
      separator = ",";
    }
    out.raw(events.isEmpty() ? ",\"events\":[]}" : "]}");
    return TaskResult.completed(new Part.DataPart(out.payload()));
  }
}
