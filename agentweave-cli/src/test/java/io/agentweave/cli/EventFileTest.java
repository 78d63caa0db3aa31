package io.agentweave.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventFileTest {
  @TempDir private Path folder = Path.of(".");

  @Test
  void missingFile_isNamed() {
    Path missing = folder.resolve("none.ndjson");
    assertThatThrownBy(() -> EventFile.lines(missing))
        .isInstanceOf(EventFile.Unreadable.class)
        .hasMessage("there is no file " + missing);
  }

  @Test
  void folder_isNoFileOfEvents() {
    assertThatThrownBy(() -> EventFile.lines(folder)).hasMessageContaining("it is a folder");
  }

  @Test
  void truncatedGzip_saysHowFarItCame() throws IOException {
    byte[] whole = gzip("{\"a\":1}\n".repeat(10_000));
    Path cut = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(whole, whole.length - 12));
    assertThatThrownBy(() -> EventFile.lines(cut))
        .isInstanceOf(EventFile.Unreadable.class)
        .hasMessageContaining("cut off");
  }

  @Test
  void damagedGzip_isRefused() throws IOException {
    byte[] bytes = gzip("{}\n".repeat(10_000));
    Arrays.fill(bytes, 12, bytes.length, (byte) 0xff);
    Path damaged = Files.write(folder.resolve("damaged.gz"), bytes);
    assertThatThrownBy(() -> EventFile.lines(damaged)).isInstanceOf(EventFile.Unreadable.class);
  }

  @Test
  void membersOneAfterAnother_areOneFile_withZerosBehindThem() throws Exception {
    byte[] both = joined(gzip("{\"a\":1}\n{\"b\""), gzip(":2}\n"), gzip(""), new byte[512]);
    Path file = Files.write(folder.resolve("members.gz"), both);
    assertThat(EventFile.lines(file))
        .map(line -> new String(line.bytes(), UTF_8))
        .containsExactly("{\"a\":1}", "{\"b\":2}");
  }

  @Test
  void whatComesAfterAMemberAndIsNone_isDamage_notTheEnd() throws IOException {
    byte[] first = gzip("{}\n{}\n");
    byte[] second = gzip("{}\n");
    byte[] badHeader = second.clone();
    badHeader[2] = 7;
    byte[] badMagic = second.clone();
    badMagic[0] = 7;
    byte[] badCheck = second.clone();
    badCheck[badCheck.length - 8]++;
    byte[] badSize = second.clone();
    badSize[badSize.length - 4]++;
    for (byte[] rest :
        List.of("{}\n{}\n".getBytes(UTF_8), badHeader, badMagic, badCheck, badSize)) {
      Path file = Files.write(folder.resolve("damaged.gz"), joined(first, rest));
      assertThatThrownBy(() -> EventFile.lines(file))
          .isInstanceOf(EventFile.Unreadable.class)
          .hasMessageMatching(
              ".* is damaged: its gzip stream can't be read after [23] whole lines");
    }
    for (int cut = 1; cut < second.length; cut++) {
      byte[] bytes = joined(first, Arrays.copyOf(second, cut));
      Path file = Files.write(folder.resolve("cut.gz"), bytes);
      assertThatThrownBy(() -> EventFile.lines(file))
          .isInstanceOf(EventFile.Unreadable.class)
          .hasMessageContaining("is cut off: its gzip stream ends after ");
    }
  }

  /** As {@code gzip -N} and others write them. */
  @Test
  void headerWithAllOptionalParts_isPassedOver() throws Exception {
    byte[] plain = gzip("{}\n");
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 2 | 4 | 8 | 16;
    byte[] parts = joined(header, new byte[] {3, 0, 1, 2, 3}, "n\0c\0".getBytes(UTF_8));
    CRC32 check = new CRC32();
    check.update(parts);
    byte[] sum = {(byte) check.getValue(), (byte) (check.getValue() >> 8)};
    byte[] body = Arrays.copyOfRange(plain, 10, plain.length);
    Path file = Files.write(folder.resolve("parts.gz"), joined(parts, sum, body));
    assertThat(EventFile.lines(file)).hasSize(1);
    sum[0]++;
    Path damaged = Files.write(folder.resolve("sum.gz"), joined(parts, sum, body));
    assertThatThrownBy(() -> EventFile.lines(damaged)).hasMessageContaining("is damaged");
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @Test
  void smallFileThatUnpacksToMoreThanFits_isRefusedInTime() throws IOException {
    Path lines = Files.write(folder.resolve("lines.gz"), gzip("{}\n".repeat(4_000_000)));
    try (InputStream in = new GZIPInputStream(Files.newInputStream(lines))) {
      assertThatThrownBy(() -> EventFile.split(in, new ArrayList<>(), 1 << 20))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("more than 1 MiB");
    }
    Path line = Files.write(folder.resolve("line.gz"), gzip("x".repeat(40 << 20)));
    try (InputStream in = new GZIPInputStream(Files.newInputStream(line))) {
      assertThatThrownBy(() -> EventFile.split(in, new ArrayList<>(), 32 << 20))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("more than 32 MiB");
    }
  }

  @Test
  void lineThatNoAgentTakes_isCountedWithoutItsBytes() throws Exception {
    Path file = Files.write(folder.resolve("f.gz"), gzip("{}\n\n" + "x".repeat(17 << 20) + "\n[]"));
    List<EventLine> lines = EventFile.lines(file);
    assertThat(lines)
        .extracting(EventLine::name)
        .containsExactly("line 1 (2 bytes)", "line 3 (17,825,792 bytes)", "line 4 (2 bytes)");
    assertThat(lines.get(1).bytes()).isEmpty();
    assertThat(new String(lines.get(2).bytes(), UTF_8)).isEqualTo("[]");
  }

  @Test
  void emptyFile_hasNoEvents() throws Exception {
    Path empty = Files.write(folder.resolve("empty"), new byte[0]);
    assertThat(EventFile.lines(empty)).isEmpty();
  }

  @Test
  void plainAndCompressed_giveTheSameBytes() throws Exception {
    String text = "{\"a\":\"ü\"}\n\n  \r\n{\"b\":2}\r\nlast";
    Path plain = Files.writeString(folder.resolve("plain"), text);
    Path compressed = Files.write(folder.resolve("events.gz"), gzip(text));
    for (Path file : List.of(plain, compressed)) {
      assertThat(EventFile.lines(file))
          .map(line -> new String(line.bytes(), UTF_8))
          .containsExactly("{\"a\":\"ü\"}", "{\"b\":2}\r", "last");
    }
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
