package io.agentweave.pipeline.contract;

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
    int succeeded = 0;
    for (EventAnswer answer : events) {
      totals.merge(answer.status().word(), 1, Integer::sum);
      succeeded += answer.status().succeeded() ? 1 : 0;
    }
    return new BatchAnswer(
        events.size(), succeeded, events.size() - succeeded, totals, List.copyOf(events));
  }
}
