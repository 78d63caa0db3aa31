package io.agentweave.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Session resumption, in a JVM of its own where session tickets are on: JSSE had started before the
 * SDK could switch them off.
 */
final class ResumptionTest {

  @Test
  void aPlainContextResumes_butOursAsksTheTrustManagerEachTime()
      throws IOException, InterruptedException {
    Process probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ResumptionProbe.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(probe.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(said.lines())
        .as(said)
        .contains(
            "plain server, plain client: judged 1 of 3",
            "our server, plain client: judged 3 of 3",
            "plain server, our client: judged 3 of 3");
  }
}
