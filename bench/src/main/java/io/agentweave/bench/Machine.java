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
