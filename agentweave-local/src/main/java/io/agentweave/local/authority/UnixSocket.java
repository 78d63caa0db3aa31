package io.agentweave.local.authority;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What the operating system offers for Unix sockets that name their peer's process. */
record UnixSocket(EventLoopGroup loop, Class<? extends ServerChannel> channelType) {

  static UnixSocket open() {
    DefaultThreadFactory threads = new DefaultThreadFactory("workload-api", true);
    if (Epoll.isAvailable()) {
      return new UnixSocket(
          new MultiThreadIoEventLoopGroup(1, threads, EpollIoHandler.newFactory()),
          EpollServerDomainSocketChannel.class);
    }
    if (KQueue.isAvailable()) {
      return new UnixSocket(
          new MultiThreadIoEventLoopGroup(1, threads, KQueueIoHandler.newFactory()),
          KQueueServerDomainSocketChannel.class);
    }
    throw new IllegalStateException(
        "the local Workload API needs Linux or macOS with Netty's native transport on the class"
            + " path",
        Epoll.unavailabilityCause());
  }

  /**
   * Makes way for a new socket at {@code path}: removes one that a process left behind.
   *
   * @throws BindException when somebody listens there
   * @throws FileAlreadyExistsException when something that is no socket is there
   */
  static void clear(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isOther()) {
      throw new FileAlreadyExistsException(path + " is in the way: it is not a socket");
    }
    if (listening(path)) {
      throw new BindException("another process listens on " + path);
    }
    Files.deleteIfExists(path);
  }

  private static boolean listening(Path path) {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (IOException nobody) {
      return false;
    }
  }
}
