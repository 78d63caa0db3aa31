package io.agentweave.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** What a recording of the JDK Flight Recorder says about where processor time and memory go. */
public final class Profile {
  private static final String OWN = "io.agentweave.";

  private Profile() {}

  /** A report for people. */
  public static String report(Path recording, int lines) throws IOException {
    Tally cpu = new Tally();
    Tally allocation = new Tally();
    Tally classes = new Tally();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        switch (event.getEventType().getName()) {
          case "jdk.CPUTimeSample", "jdk.ExecutionSample" -> cpu.add(event, 1);
          case "jdk.ObjectAllocationInNewTLAB" ->
              allocated(event, event.getLong("tlabSize"), allocation, classes);
          case "jdk.ObjectAllocationOutsideTLAB" ->
              allocated(event, event.getLong("allocationSize"), allocation, classes);
          default -> {}
        }
      }
    }
    return "samples of processor time: "
        + cpu.total
        + "\n"
        + section("processor time: innermost frame", cpu.leaf, cpu.total, lines)
        + section("processor time: packages of the innermost frame", cpu.packages, cpu.total, 25)
        + section("processor time: innermost own method, all it calls", cpu.owner, cpu.total, lines)
        + section("processor time: own methods, inclusive", cpu.inclusive, cpu.total, lines)
        + section("allocation: class", classes.leaf, classes.total, 25)
        + section(
            "allocation: innermost own method, all it calls",
            allocation.owner,
            allocation.total,
            lines)
        + section("allocation: innermost frame", allocation.leaf, allocation.total, lines)
        + section(
            "allocation: own methods, inclusive", allocation.inclusive, allocation.total, lines);
  }

  private static void allocated(RecordedEvent event, long bytes, Tally allocation, Tally classes) {
    allocation.add(event, bytes);
    classes.leaf.merge(event.getClass("objectClass").getName(), bytes, Long::sum);
    classes.total += bytes;
  }

  private static String section(String title, Map<String, Long> counts, long total, int lines) {
    StringBuilder text = new StringBuilder("\n## ").append(title).append('\n');
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(lines)
        .forEach(
            entry ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "%5.1f %%  %s%n",
                        100.0 * entry.getValue() / Math.max(1, total),
                        entry.getKey())));
    return text.toString();
  }

  private static final class Tally {
    private final Map<String, Long> leaf = new HashMap<>();
    private final Map<String, Long> packages = new HashMap<>();
    private final Map<String, Long> owner = new HashMap<>();
    private final Map<String, Long> inclusive = new HashMap<>();
    private long total;

    void add(RecordedEvent event, long weight) {
      total += weight;
      RecordedStackTrace stack = event.getStackTrace();
      if (stack == null || stack.getFrames().isEmpty()) {
        leaf.merge("(no stack)", weight, Long::sum);
        return;
      }
      List<RecordedFrame> frames = stack.getFrames();
      leaf.merge(name(frames.getFirst()), weight, Long::sum);
      packages.merge(packageOf(frames.getFirst()), weight, Long::sum);
      Set<String> seen = new HashSet<>();
      String innermost = null;
      for (RecordedFrame frame : frames) {
        String name = name(frame);
        if (name.startsWith(OWN) && seen.add(name)) {
          inclusive.merge(name, weight, Long::sum);
          innermost = innermost == null ? name : innermost;
        }
      }
      String other = "(none) ... " + name(frames.getLast());
      owner.merge(innermost == null ? other : innermost, weight, Long::sum);
    }

    private static String name(RecordedFrame frame) {
      return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static String packageOf(RecordedFrame frame) {
      String type = frame.getMethod().getType().getName();
      int dot = type.lastIndexOf('.');
      return dot < 0 ? type : type.substring(0, dot);
    }
  }
}
