import io.agentweave.a2a.v1.A2AServiceGrpc;
import io.agentweave.a2a.v1.TaskState;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What an attack costs others: calls of a well-behaved peer beside each attack on an agent, and the
 * agent's memory. Arguments: HOST:PORT GOOD BAD PID, the peers as folders with svid.pem, key.pem
 * and bundle.pem. No call of the well-behaved peer may fail, and memory may not pass 1.5 of the
 * quiet value; times are told, and fail only where nothing but a held-up agent explains them.
 *
 * <p>The attacker is a process and a session of its own, so that it takes no more of the processors
 * from the well-behaved peer than the system gives to a stranger.
 */
final class Attack {
  private static final long EACH_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final double MOST_MEMORY = 1.5;
  private static final double HELD_UP_MILLIS = 1000;

  private final A2AServiceGrpc.A2AServiceBlockingStub good;
  private final long pid;
  private final BufferedReader answers;
  private final PrintStream orders;

  private Attack(String[] args) throws IOException {
    good = Peer.of(args[0], args[1]).stub();
    pid = Long.parseLong(args[3]);
    Process attacker =
        new ProcessBuilder(
                "setsid",
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "e2e/outside/Attacker.java",
                args[0],
                args[2])
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(attacker::destroyForcibly));
    answers = attacker.inputReader();
    orders = new PrintStream(attacker.getOutputStream(), true);
  }

  public static void main(String[] args) throws Exception {
    System.exit(new Attack(args).run() ? 0 : 1);
  }

  private boolean run() throws Exception {
    List<String> waves = new ArrayList<>();
    for (String line = answers.readLine(); !line.isEmpty(); line = answers.readLine()) {
      waves.add(line);
    }
    millis(3000);
    beside(waves.getLast());
    double[] quiet = millis(2000);
    long memory = memory();
    System.out.printf(
        "passed: quiet: p50 %.1f ms, p99 %.1f ms, %d MiB%n",
        at(quiet, 50), at(quiet, 99), memory >> 20);
    boolean fine = true;
    for (String wave : waves) {
      fine &= holds(wave, beside(wave), at(quiet, 99), memory);
    }
    millis(100);
    return fine;
  }

  private static boolean holds(String wave, Seen seen, double quietP99, long quietMemory) {
    double p99 = at(seen.millis, 99);
    double ratio = p99 / quietP99;
    boolean fine =
        seen.failed == 0
            && seen.memory <= MOST_MEMORY * quietMemory
            && (ratio <= 3 || p99 <= HELD_UP_MILLIS);
    System.out.printf(
        "%s: beside %s: %d calls, %d failed, p99 %.1f ms (%.1f times the quiet one), %d MiB"
            + " (%.2f)%n",
        fine ? "passed" : "FAILED",
        wave,
        seen.millis.length,
        seen.failed,
        p99,
        ratio,
        seen.memory >> 20,
        (double) seen.memory / quietMemory);
    return fine;
  }

  private record Seen(double[] millis, int failed, long memory) {}

  private Seen beside(String wave) throws IOException {
    orders.println(wave);
    List<Double> millis = new ArrayList<>();
    int failed = 0;
    long memory = 0;
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < EACH_NANOS || millis.size() < 200) {
      long before = System.nanoTime();
      try {
        one();
      } catch (StatusRuntimeException e) {
        failed++;
        System.out.println("refused beside " + wave + ": " + e.getStatus());
      }
      millis.add((System.nanoTime() - before) / 1e6);
      if (millis.size() % 50 == 0) {
        memory = Math.max(memory, memory());
      }
    }
    orders.println();
    answers.readLine();
    return new Seen(
        millis.stream().mapToDouble(Double::doubleValue).sorted().toArray(), failed, memory);
  }

  private static double at(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private double[] millis(int calls) {
    double[] millis = new double[calls];
    for (int i = 0; i < calls; i++) {
      long before = System.nanoTime();
      one();
      millis[i] = (System.nanoTime() - before) / 1e6;
    }
    Arrays.sort(millis);
    return millis;
  }

  private void one() {
    var state = good.sendMessage(Peer.text("hello")).getTask().getStatus().getState();
    if (state != TaskState.TASK_STATE_COMPLETED) {
      throw new IllegalStateException("the agent said " + state);
    }
  }

  private long memory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IOException("no process " + pid);
  }
}
