package io.agentweave.authz;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes policy engines, and the authorizer that asks one. */
public final class Authorization {
  private Authorization() {}

  /**
   * An engine that asks OPA's data API: {@code POST /v1/data/<policyPath>}.
   *
   * @param endpoint {@code http://host:port}, {@code https://host:port} or {@code
   *     unix:///path/to/socket}
   * @param policyPath the package or rule to ask, with slashes
   * @param timeout for one decision, from connecting to the end of the answer
   * @param caCertificates PEM file with the authorities that an {@code https} endpoint is proven
   *     by; the JDK's own when null
   * @throws IllegalArgumentException when the endpoint or the file makes no sense
   */
  public static PolicyEngine opaEngine(
      String endpoint, String policyPath, Duration timeout, @Nullable Path caCertificates) {
    return new OpaPolicyEngine(
        OpaConnection.to(endpoint, policyPath, timeout, caCertificates),
        OpaBreaker.closed(OpaBreaker.OPEN_FOR),
        System::nanoTime);
  }

  /**
   * An engine that runs the rules in this process: OPA's WebAssembly.
   *
   * @param bundle folder with {@code policy.wasm} and {@code grants.json}; a changed {@code
   *     grants.json} is noticed within 50 ms, a changed module needs a restart
   * @param policyPath asked is {@code <policyPath>/decision}, or else the path itself
   * @param timeout how long a decision may wait for its turn
   * @throws IllegalArgumentException when the bundle can't be read or does not know the path
   */
  public static PolicyEngine embeddedEngine(Path bundle, String policyPath, Duration timeout) {
    return EmbeddedPolicyEngine.open(bundle, policyPath, timeout, System::nanoTime);
  }

  /** Asks {@code engine}, which it closes with itself. */
  public static Authorizer authorizer(PolicyEngine engine, Enforcement enforcement) {
    Authorizer enforcing = new PeerThenPolicyAuthorizer(engine, System::nanoTime);
    return switch (enforcement) {
      case DENY -> enforcing;
      case LOG_ONLY -> new LogOnlyAuthorizer(enforcing);
    };
  }
}
