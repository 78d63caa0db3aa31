package io.agentweave.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentweave.Anything;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineScannerTest {

  @Test
  void whateverTheBytesAre_theLinesAddUpToThemAgain() {
    Anything.tried(
        500,
        any -> linesAddUp(withLineFeeds(any.bytes(300)), any.between(1, 40), any.between(1, 7)));
  }

  private static void linesAddUp(byte[] bytes, int longest, int readSize) throws IOException {
    long next = 0;
    boolean open = false;
    try (LineScanner lines = new LineScanner(dripping(bytes, readSize), 0, longest)) {
      while (lines.next()) {
        assertThat(open).as("only the last line lacks its end").isFalse();
        open = !lines.terminated();
        assertThat(lines.offset()).isEqualTo(next);
        int shown = lines.end() - lines.start();
        assertThat(shown).isEqualTo((int) Math.min(lines.length(), longest));
        assertThat(Arrays.copyOfRange(lines.buffer(), lines.start(), lines.end()))
            .isEqualTo(Arrays.copyOfRange(bytes, (int) next, (int) next + shown));
        assertThat(lines.tooLong()).isEqualTo(lines.length() > longest);
        next += lines.length() + (lines.terminated() ? 1 : 0);
      }
    }
    assertThat(next).isEqualTo(bytes.length);
  }

  @Test
  void linesAcrossChunkBorders_comeOutWhole() throws IOException {
    for (int first = 65_500; first <= 65_570; first++) {
      comesOutWhole(first);
    }
  }

  private static void comesOutWhole(int first) throws IOException {
    byte[] bytes = new byte[first + 1 + 10];
    Arrays.fill(bytes, (byte) 'x');
    bytes[first] = '\n';
    List<Long> lengths = new ArrayList<>();
    try (LineScanner lines = new LineScanner(new ByteArrayInputStream(bytes), 0, 1 << 20)) {
      while (lines.next()) {
        lengths.add(lines.length());
      }
    }
    assertThat(lengths).containsExactly((long) first, 10L);
  }

  private static byte[] withLineFeeds(byte[] noise) {
    byte[] bytes = noise.clone();
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] % 5 == 0 ? (byte) '\n' : bytes[i];
    }
    return bytes;
  }

  private static InputStream dripping(byte[] bytes, int readSize) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int off, int len) {
        return super.read(into, off, Math.min(len, readSize));
      }
    };
  }
}
