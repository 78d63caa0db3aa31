package io.agentweave.config;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * {@code authorization}: who decides.
 *
 * @param provider {@code opa} over HTTP, or {@code opa-embedded} in process
 * @param opaEndpoint {@code http://}, {@code https://} or {@code unix://} address of OPA
 * @param opaCaFile {@code opa_ca_file}: PEM file of the only authorities that an {@code https://}
 *     OPA may be proven by; the JDK's own when absent
 * @param policyPath the package or rule to ask, with slashes
 * @param defaultAction {@code deny}; {@code log-only} outside production
 * @param timeout {@code timeout_ms}: how long a decision may take
 * @param bundle {@code bundle}: the folder with {@code policy.wasm} and {@code grants.json}, for
 *     the embedded engine
 * @param audit where decisions are written
 */
public record AuthorizationSection(
    @Default("opa") Provider provider,
    @Default("http://localhost:8181")
        @Pattern(
            regexp = "(http://|https://|unix://).+",
            message = "must start with http://, https:// or unix://")
        String opaEndpoint,
    Optional<Path> opaCaFile,
    @Default("agentweave/authz")
        @Pattern(
            regexp = "[a-zA-Z_][a-zA-Z0-9_]*(/[a-zA-Z_][a-zA-Z0-9_]*)*",
            message = "must be a policy package such as agentweave/authz")
        String policyPath,
    @Default("deny") DefaultAction defaultAction,
    @Key("timeout_ms") @Default("500") @DurationMin(millis = 1, message = "must be at least 1 ms")
        Duration timeout,
    Optional<Path> bundle,
    Audit audit) {

  /** The engine that answers. */
  public enum Provider {
    OPA,
    OPA_EMBEDDED
  }

  /** What happens without a permit. Log-only records the refusal and goes on. */
  public enum DefaultAction {
    DENY,
    LOG_ONLY
  }

  /**
   * {@code authorization.audit}.
   *
   * @param enabled always true: a mesh that does not write down what it did proves nothing
   */
  public record Audit(
      @Default("true")
          @AssertTrue(
              message =
                  "must be true: without its audit log an agent cannot show who called it and"
                      + " who decided; choose a destination instead")
          boolean enabled,
      @Default("file") Destination destination) {}

  /** Where audit records go, besides the file that is always written. */
  public enum Destination {
    FILE,
    STDOUT_AND_FILE
  }
}
