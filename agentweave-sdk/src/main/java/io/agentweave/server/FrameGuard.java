package io.agentweave.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Counts the HTTP/2 frames of a connection that carry nothing (RFC 9113, 10.5): settings, pings,
 * priorities, unknown types, crumbs of data and of flow control. A peer needs few of them for each
 * request; one that sends them without end keeps an event loop busy that others share, and is cut
 * off. What else a peer can do wrong in HTTP/2 is limited by gRPC itself.
 */
final class FrameGuard extends ChannelInboundHandlerAdapter {
  private static final int BURST = 10_000;
  private static final int PER_SECOND = 1_000;
  private static final int PER_REQUEST = 4;

  /** Less than this in one frame is a crumb. */
  private static final int MIN_DATA = 64;

  private static final int MIN_WINDOW = 1_024;

  private static final int PREFACE_BYTES = 24;
  private static final int HEAD_BYTES = 9;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;

  private final Runnable heard;
  private final Runnable flooded;
  private final byte[] head = new byte[HEAD_BYTES + Integer.BYTES];
  private int inHead;
  private int wanted = HEAD_BYTES;
  private int skip = PREFACE_BYTES;
  private int allowance = BURST;
  private long refilledAt = System.nanoTime();

  /**
   * @param heard runs whenever something came out of TLS
   * @param flooded ends the connection; runs at most once, on the event loop
   */
  FrameGuard(Runnable heard, Runnable flooded) {
    this.heard = heard;
    this.flooded = flooded;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (allowance < 0) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof ByteBuf bytes) {
      heard.run();
      scan(bytes);
      if (allowance < 0) {
        bytes.release();
        flooded.run();
        return;
      }
    }
    super.channelRead(ctx, message);
  }

  private void scan(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end && allowance >= 0) {
      int passed = Math.min(skip, end - at);
      skip -= passed;
      at += passed;
      int taken = Math.min(wanted - inHead, end - at);
      bytes.getBytes(at, head, inHead, taken);
      inHead += taken;
      at += taken;
      if (inHead == wanted) {
        headIsWhole();
      }
    }
  }

  private void headIsWhole() {
    int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
    if (head[3] == WINDOW_UPDATE && length == Integer.BYTES && wanted == HEAD_BYTES) {
      wanted = HEAD_BYTES + Integer.BYTES;
      return;
    }
    skip = length - (wanted - HEAD_BYTES);
    switch (head[3]) {
      case HEADERS -> allowance = Math.min(BURST, allowance + PER_REQUEST);
      case DATA -> count(length < MIN_DATA && (head[4] & END_STREAM) == 0);
      case WINDOW_UPDATE -> count(wanted == HEAD_BYTES || increment() < MIN_WINDOW);
      default -> count(true);
    }
    inHead = 0;
    wanted = HEAD_BYTES;
  }

  private int increment() {
    return (head[9] & 0x7f) << 24
        | (head[10] & 0xff) << 16
        | (head[11] & 0xff) << 8
        | (head[12] & 0xff);
  }

  private void count(boolean idle) {
    if (idle && --allowance < 0) {
      long now = System.nanoTime();
      long earned = TimeUnit.NANOSECONDS.toMillis(now - refilledAt) * PER_SECOND / 1_000;
      refilledAt = now;
      allowance += (int) Math.min(BURST, earned);
    }
  }
}
