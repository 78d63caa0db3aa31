package io.agentweave.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The machine under the measurements, as its kernel describes it. */
public final class Machine {
  private static final int SPINS = 20_000_000;

  /** What the kernel shows its times in, whatever it counts in: USER_HZ. */
  private static final int TICKS_PER_SECOND = 100;

  /** Places of fields 16, 17 and 22 when the first two are left out. */
  private static final int CUTIME = 13;

  private static final int CSTIME = 14;
  private static final int STARTTIME = 19;

  /** Takes the result, so that the work is not optimised away. */
  private static final AtomicLong SINK = new AtomicLong();

  private Machine() {}

  /** What a reader has to know to compare. */
  public static Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("processors", Runtime.getRuntime().availableProcessors());
    facts.put("processor", field("/proc/cpuinfo", "model name"));
    facts.put("memory", field("/proc/meminfo", "MemTotal"));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("architecture", System.getProperty("os.arch"));
    facts.put(
        "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    return facts;
  }

  /** Runnable processes, averaged over the last minute; negative where nobody knows. */
  public static double load() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
    } catch (IOException unknown) {
      return -1;
    }
  }

  /**
   * How long a fixed piece of arithmetic takes on one processor, in milliseconds. On a quiet
   * machine it is the same every time; what differs is what others took away.
   */
  public static double spin() {
    long begin = System.nanoTime();
    long state = 88172645463325252L;
    for (int i = 0; i < SPINS; i++) {
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
    }
    SINK.set(state);
    return (System.nanoTime() - begin) / 1e6;
  }

  /** {@code VmRSS} of a process. */
  public static long residentKib(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS of process " + pid);
  }

  /** Processor time of a process so far, in nanoseconds, as the kernel counts it. */
  public static long cpuNanos(ProcessHandle process) {
    return process.info().totalCpuDuration().map(java.time.Duration::toNanos).orElse(0L);
  }

  /**
   * Processor time of children of a process that have ended and that it has waited for, in
   * nanoseconds.
   */
  public static long endedChildrenNanos(long pid) throws IOException {
    String[] stat = stat(pid);
    long ticks = Long.parseLong(stat[CUTIME]) + Long.parseLong(stat[CSTIME]);
    return ticks * 1_000_000_000L / TICKS_PER_SECOND;
  }

  /**
   * How long ago a process was started, to some 10 ms. The JDK's start instant is off by up to a
   * second, because it counts from a boot time in whole seconds.
   */
  public static double ageSeconds(long pid) throws IOException {
    String uptime = Files.readString(Path.of("/proc/uptime"));
    return Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')))
        - Double.parseDouble(stat(pid)[STARTTIME]) / TICKS_PER_SECOND;
  }

  /** The fields of {@code /proc/PID/stat} (proc_pid_stat(5)) from the third on. */
  private static String[] stat(long pid) throws IOException {
    String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
  }

  private static String field(String file, String name) {
    try {
      for (String line : Files.readAllLines(Path.of(file), StandardCharsets.UTF_8)) {
        if (line.startsWith(name)) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException unknown) {
      return "unknown";
    }
    return "unknown";
  }
}
