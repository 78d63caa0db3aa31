package io.agentweave.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Asks this host's agent whether it is ready: the health check of a container that has neither a
 * shell nor an HTTP client. Prints what {@code /health/ready} says; the exit code is 0 when ready.
 * Takes the metrics port, 9090 when absent. Starts in some 50 ms: it loads next to nothing.
 */
public final class ReadyProbe {
  private static final int PORT = 9090;
  private static final int TIMEOUT_MS = 3000;

  private ReadyProbe() {}

  public static void main(String[] args) {
    int port = args.length == 0 ? PORT : Integer.parseInt(args[0]);
    System.exit(ready(port) ? 0 : 1);
  }

  static boolean ready(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      socket
          .getOutputStream()
          .write("GET /health/ready HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream answer = socket.getInputStream();
      String status = line(answer);
      int length = 0;
      for (String header = line(answer); !header.isEmpty(); header = line(answer)) {
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(header.substring("content-length:".length()).strip());
        }
      }
      System.out.println(new String(answer.readNBytes(length), StandardCharsets.UTF_8));
      return status.matches("HTTP/1\\.[01] 200( .*)?");
    } catch (IOException e) {
      System.out.println("no answer at port " + port + ": " + e.getMessage());
      return false;
    }
  }

  /** The next line without its end; empty at the end of the answer. */
  private static String line(InputStream answer) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = answer.read(); next >= 0 && next != '\n'; next = answer.read()) {
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }
}
