package io.agentweave.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.audit.AuditReceipt.Written;
import io.agentweave.audit.AuditVerification.Intact;
import io.agentweave.journal.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAuditLogCrashTest {
  private static final TestSvid SVID = new TestSvid();

  @TempDir Path directory;

  @Test
  void killedAgent_losesNoAcknowledgedRecordAndItsChainGoesOn() throws Exception {
    Map<String, Long> acknowledged = new HashMap<>();
    for (int life = 1; life <= 2; life++) {
      liveAndBeKilled(life, acknowledged);
      areOnFile(acknowledged);
    }
    AuditSigner signer = SVID.signer(Events.AGENT.toString());
    FileAuditLog.open(AuditSettings.of(directory, Events.AGENT), signer).close();

    areOnFile(acknowledged);
    assertThat(acknowledged).hasSizeGreaterThan(2_000);
  }

  @Test
  void agentThatEndsRightAfterItsLastRecord_hasRecordedIt() throws Exception {
    Process agent = ChildJvm.start(HaltingAgent.class, directory.toString());
    assertThat(agent.waitFor()).isEqualTo(HaltingAgent.STATUS);

    Map<String, Long> acknowledged = new HashMap<>();
    for (int i = 1; i <= HaltingAgent.RECORDS; i++) {
      acknowledged.put("decision-" + i, (long) i);
    }
    areOnFile(acknowledged);
    DeadLog.open(directory).close();
    areOnFile(acknowledged);
  }

  private void areOnFile(Map<String, Long> acknowledged) throws IOException {
    assertThat(AuditVerifier.selfContained().verify(directory)).isInstanceOf(Intact.class);
    Map<String, Long> onFile = new HashMap<>();
    for (AuditRecord record : new AuditReader(directory).last(Integer.MAX_VALUE)) {
      if (record.entry() instanceof AuditEvent.Decided decided) {
        onFile.put(decided.decisionId(), record.sequence());
      }
    }
    assertThat(onFile).containsAllEntriesOf(acknowledged);
  }

  private void liveAndBeKilled(int life, Map<String, Long> acknowledged) throws Exception {
    Process agent = ChildJvm.start(Agent.class, directory.toString(), "" + life);
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(agent.getInputStream(), StandardCharsets.US_ASCII))) {
      int heard = 0;
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.endsWith(".")) {
          List<String> words = List.of(line.split(" ", 3));
          acknowledged.put(words.get(0), Long.parseLong(words.get(1)));
        }
        if (++heard == 1_500) {
          agent.toHandle().destroyForcibly();
        }
      }
    }
    assertThat(agent.waitFor()).isEqualTo(137);
  }

  /** Writes records from four threads and says which are acknowledged, until it is killed. */
  static final class Agent {
    public static void main(String[] args) throws IOException, InterruptedException {
      AuditSettings settings =
          AuditSettings.of(Path.of(args[0]), Events.AGENT)
              .withMaxFileBytes(200_000)
              .withCheckpoints(100, Duration.ofMillis(50));
      FileAuditLog log =
          FileAuditLog.open(settings, new TestSvid().signer(Events.AGENT.toString()));
      Thread[] callers = new Thread[4];
      for (int i = 0; i < callers.length; i++) {
        int from = (Integer.parseInt(args[1]) * callers.length + i) * 1_000_000;
        callers[i] = Thread.ofPlatform().start(() -> record(log, from));
      }
      for (Thread caller : callers) {
        caller.join();
      }
    }

    private static void record(FileAuditLog log, int from) {
      for (int i = from; ; i++) {
        if (log.record(Events.decided(i)) instanceof Written written) {
          System.out.println("decision-" + i + " " + written.sequence() + " .");
        }
      }
    }
  }

  /** Halts its JVM, without a hook or a close, as soon as it is told that all is recorded. */
  static final class HaltingAgent {
    static final int STATUS = 9;
    static final int RECORDS = 300;

    public static void main(String[] args) throws IOException {
      FileAuditLog log = DeadLog.open(Path.of(args[0]));
      boolean written = true;
      for (int i = 1; i <= RECORDS; i++) {
        written &= log.record(Events.decided(i)) instanceof Written;
      }
      Runtime.getRuntime().halt(written ? STATUS : 1);
    }
  }
}
