package io.agentweave.identity;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Sockets of {@link StandaloneTls}: each from a factory of its own, set up before it is used. */
final class StandaloneSockets extends SSLSocketFactory {
  private final Supplier<SSLSocketFactory> fresh;
  private final UnaryOperator<SSLSocket> ready;

  StandaloneSockets(Supplier<SSLSocketFactory> fresh, UnaryOperator<SSLSocket> ready) {
    this.fresh = fresh;
    this.ready = ready;
  }

  private Socket ready(Socket socket) {
    return ready.apply((SSLSocket) socket);
  }

  @Override
  public Socket createSocket() throws IOException {
    return ready(fresh.get().createSocket());
  }

  @Override
  public Socket createSocket(Socket socket, @Nullable String host, int port, boolean autoClose)
      throws IOException {
    return ready(fresh.get().createSocket(socket, host, port, autoClose));
  }

  @Override
  public Socket createSocket(Socket socket, @Nullable InputStream consumed, boolean autoClose)
      throws IOException {
    return ready(fresh.get().createSocket(socket, consumed, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return ready(fresh.get().createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return ready(fresh.get().createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return ready(fresh.get().createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return ready(fresh.get().createSocket(host, port, localHost, localPort));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return fresh.get().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return fresh.get().getSupportedCipherSuites();
  }
}
