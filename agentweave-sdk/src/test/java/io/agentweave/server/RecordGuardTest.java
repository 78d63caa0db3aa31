package io.agentweave.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What TLS answers or ignores without end, somebody has to count. */
class RecordGuardTest {
  private final List<String> ends = new ArrayList<>();
  private final RecordGuard guard = new RecordGuard((limit, reason) -> ends.add(limit));
  private final EmbeddedChannel channel = new EmbeddedChannel(guard);

  /** A record of this type and length. */
  private static ByteBuf record(int type, int length) {
    return Unpooled.buffer()
        .writeByte(type)
        .writeShort(0x0303)
        .writeShort(length)
        .writeZero(length);
  }

  @Test
  void warningsBeforeTheHandshake_areCutOff() {
    for (int i = 0; i < 1_024; i++) {
      channel.writeInbound(record(21, 2));
    }
    assertThat(ends).isEmpty();

    for (int i = 0; i < 100; i++) {
      channel.writeInbound(record(21, 2));
    }

    assertThat(ends).as("once").containsExactly("frame_flood");
    assertThat(channel.inboundMessages()).as("nothing more goes on to TLS").hasSize(1_024);
  }

  @Test
  void recordsThatNothingComesOf_areCutOff_howeverTheyAreCutIntoPieces() {
    guard.proven();
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < 4_097; i++) {
      all.writeBytes(record(23, 22));
    }
    while (all.isReadable() && ends.isEmpty()) {
      channel.writeInbound(all.readRetainedSlice(Math.min(7, all.readableBytes())));
    }
    assertThat(ends).containsExactly("frame_flood");
  }

  @Test
  void recordsThatSomethingComesOf_goOnForEver() {
    guard.proven();
    for (int i = 0; i < 20_000; i++) {
      channel.writeInbound(record(23, 100));
      guard.heard();
    }
    assertThat(ends).isEmpty();
  }

  @Test
  void answersThatNobodyReads_areCutOff() {
    guard.proven();
    for (int i = 0; i < 20_001; i++) {
      channel.unsafe().outboundBuffer().addMessage(Unpooled.buffer(), 22, channel.voidPromise());
    }
    channel.unsafe().outboundBuffer().addFlush();
    channel.writeInbound(record(23, 22));
    assertThat(ends).containsExactly("unread_answers");
  }
}
