package io.agentweave.client;

import java.util.Optional;

/** A {@code host:port} to connect to. It proves nothing about who listens there. */
record Address(String host, int port) {

  /** Reads {@code host:port}; an IPv6 address stands in brackets. */
  static Optional<Address> parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    boolean plain = host.chars().noneMatch(c -> c <= ' ' || "/@?#[]\\%".indexOf(c) >= 0);
    if (!plain || (!bracketed && host.indexOf(':') >= 0)) {
      return Optional.empty();
    }
    String name = host;
    return port(text.substring(colon + 1)).map(port -> new Address(name, port));
  }

  private static Optional<Integer> port(String digits) {
    if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(Address::isDigit)) {
      return Optional.empty();
    }
    int port = Integer.parseInt(digits);
    return port >= 1 && port <= 65535 ? Optional.of(port) : Optional.empty();
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
