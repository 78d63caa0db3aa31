package io.agentweave.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Threads that read and write sockets, and the kinds of sockets that they can serve: the operating
 * system's own event queue (epoll, kqueue) where its library can be loaded, else the JDK's
 * selectors, which do the same at a higher price. All threads are daemons.
 *
 * @param group the threads
 * @param serverChannel what listens
 * @param channel what connects
 */
public record EventLoops(
    EventLoopGroup group,
    Class<? extends ServerChannel> serverChannel,
    Class<? extends Channel> channel)
    implements AutoCloseable {

  /**
   * Bytes that may be under way to this side, for each call and for a connection. A fixed number:
   * gRPC's own search for a better one pings the peer for each answer.
   */
  public static final int FLOW_CONTROL_WINDOW = 1 << 20;

  /** Starts so many threads of this name. */
  public static EventLoops start(String name, int threads) {
    if (Epoll.isAvailable()) {
      return new EventLoops(
          group(name, threads, EpollIoHandler.newFactory()),
          EpollServerSocketChannel.class,
          EpollSocketChannel.class);
    }
    if (KQueue.isAvailable()) {
      return new EventLoops(
          group(name, threads, KQueueIoHandler.newFactory()),
          KQueueServerSocketChannel.class,
          KQueueSocketChannel.class);
    }
    return new EventLoops(
        group(name, threads, NioIoHandler.newFactory()),
        NioServerSocketChannel.class,
        NioSocketChannel.class);
  }

  private static EventLoopGroup group(String name, int threads, IoHandlerFactory kind) {
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), kind);
  }

  /** Ends the threads within a second or two, and waits for it. */
  @Override
  public void close() {
    var _ =
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
