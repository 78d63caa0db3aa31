package io.agentweave.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.ReferenceCountUtil;
import java.util.function.BiConsumer;

/**
 * Stands before TLS and counts the records of which nothing comes: warnings, key updates, empty
 * ones. TLS answers or ignores any number of them, so that one that sends them without end keeps an
 * event loop busy that others share, or fills the memory with answers that it does not read.
 */
final class RecordGuard extends ChannelInboundHandlerAdapter {
  /**
   * A handshake takes a dozen, but its client may begin to send before this side has seen it all.
   */
  private static final int MOST_IN_HANDSHAKE = 1_024;

  /** One read may bring some two thousand short ones, before any of them is unpacked. */
  private static final int MOST_SILENT = 4_096;

  /** Writes that wait for the peer to read. */
  private static final int MOST_UNREAD = 20_000;

  private static final int HEAD_BYTES = 5;

  private final BiConsumer<String, String> flooded;
  private final byte[] head = new byte[HEAD_BYTES];
  private int inHead;
  private int skip;
  private int silent;
  private boolean proven;
  private boolean over;

  /**
   * @param flooded ends the connection for a limit and a reason; runs at most once, on the event
   *     loop
   */
  RecordGuard(BiConsumer<String, String> flooded) {
    this.flooded = flooded;
  }

  /** The handshake is done. */
  void proven() {
    proven = true;
    silent = 0;
  }

  /** Something came of the records so far. */
  void heard() {
    silent = 0;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (!over && message instanceof ByteBuf bytes) {
      scan(bytes);
      ChannelOutboundBuffer unread = ctx.channel().unsafe().outboundBuffer();
      if (unread != null && unread.size() > MOST_UNREAD) {
        end("unread_answers", "the peer does not read its answers");
      } else if (silent > (proven ? MOST_SILENT : MOST_IN_HANDSHAKE)) {
        end("frame_flood", "too many TLS records that carry nothing");
      }
    }
    if (over) {
      ReferenceCountUtil.release(message);
    } else {
      super.channelRead(ctx, message);
    }
  }

  private void end(String limit, String reason) {
    over = true;
    flooded.accept(limit, reason);
  }

  private void scan(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      int passed = Math.min(skip, end - at);
      skip -= passed;
      at += passed;
      int taken = Math.min(HEAD_BYTES - inHead, end - at);
      bytes.getBytes(at, head, inHead, taken);
      inHead += taken;
      at += taken;
      if (inHead == HEAD_BYTES) {
        inHead = 0;
        skip = (head[3] & 0xff) << 8 | (head[4] & 0xff);
        silent++;
      }
    }
  }
}
