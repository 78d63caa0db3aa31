package io.agentweave.authz;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A Unix domain socket in the shape that OkHttp works with. One thread may read while another
 * writes, where no time-out is set; {@link #close} ends both.
 *
 * <p>The JDK has no read with a time-out for these sockets. Here it is a look now and then, while
 * nobody writes. That is for what OkHttp needs one for: whether an idle connection is still alive.
 */
final class UnixSocket extends Socket {
  private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

  private final UnixDomainSocketAddress address;
  private final SocketChannel channel;
  private volatile int soTimeoutMillis;
  private volatile boolean inputShutdown;
  private volatile boolean outputShutdown;

  UnixSocket(Path path) throws IOException {
    address = UnixDomainSocketAddress.of(path);
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
  }

  /** Connects to the path; {@code ignored} is what the URL seems to say. */
  @Override
  public void connect(SocketAddress ignored, int timeoutMillis) throws IOException {
    try {
      channel.connect(address);
    } catch (SocketException e) {
      ConnectException refused = new ConnectException(address + ": " + e.getMessage());
      refused.initCause(e);
      throw refused;
    }
  }

  @Override
  public void connect(SocketAddress ignored) throws IOException {
    connect(ignored, 0);
  }

  @Override
  public InputStream getInputStream() {
    return new Input();
  }

  @Override
  public OutputStream getOutputStream() {
    return new Output();
  }

  /** What is there now or within so many milliseconds. */
  private int read(ByteBuffer buffer, int millis) throws IOException {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    channel.configureBlocking(false);
    try {
      int count = channel.read(buffer);
      while (count == 0) {
        if (Thread.currentThread().isInterrupted()) {
          throw new SocketException("interrupted");
        }
        if (System.nanoTime() - end >= 0) {
          throw new SocketTimeoutException("nothing within " + millis + " ms");
        }
        LockSupport.parkNanos(this, LOOK_NANOS);
        count = channel.read(buffer);
      }
      return count;
    } finally {
      if (channel.isOpen()) {
        channel.configureBlocking(true);
      }
    }
  }

  @Override
  public void setSoTimeout(int millis) {
    soTimeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return soTimeoutMillis;
  }

  @Override
  public boolean isConnected() {
    return channel.isConnected();
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public boolean isInputShutdown() {
    return inputShutdown;
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShutdown;
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
    inputShutdown = true;
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
    outputShutdown = true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  @Override
  public String toString() {
    return "UnixSocket[" + address + "]";
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      if (length == 0) {
        return 0;
      }
      int millis = soTimeoutMillis;
      try {
        return millis > 0 ? UnixSocket.this.read(buffer, millis) : channel.read(buffer);
      } catch (ClosedChannelException e) {
        throw new SocketException("Socket closed", e);
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (ClosedChannelException e) {
        throw new SocketException("Socket closed", e);
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }
}
