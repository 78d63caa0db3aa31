package io.agentweave.authz;

import com.styra.opa.wasm.OpaPolicy;
import io.agentweave.authz.GrantsFile.Grants;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the rules' module, with memory of its own. Not for two threads at once: shared,
 * it answers one caller with another's decision.
 */
final class WasmInstance {
  /** 64 MiB: the module, the grants, and one question. */
  private static final int MAX_PAGES = 1024;

  private final OpaPolicy policy;
  private @Nullable Grants loaded;

  private WasmInstance(OpaPolicy policy) {
    this.policy = policy;
  }

  /**
   * Compiles the module to bytecode, which takes a good part of a second; interpreted, a decision
   * takes milliseconds instead of microseconds.
   *
   * @throws IllegalArgumentException when it is no policy module or does not know {@code
   *     policyPath}
   */
  static WasmInstance of(byte[] module, String policyPath) {
    OpaPolicy policy;
    try {
      policy = OpaPolicy.builder().withPolicy(module).withMaxMemory(MAX_PAGES).build();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "policy.wasm (%d bytes) is no module that OPA compiled: %s"
              .formatted(module.length, e.getMessage()),
          e);
    }
    var known = policy.entrypoints();
    String decision = policyPath + "/decision";
    Integer entryPoint = known.getOrDefault(decision, known.get(policyPath));
    if (entryPoint == null) {
      throw new IllegalArgumentException(
          "policy.wasm has no entry point %s or %s; it has %s"
              .formatted(decision, policyPath, new TreeSet<>(known.keySet())));
    }
    return new WasmInstance(policy.entrypoint(entryPoint));
  }

  /** The JSON array of results. Throws whatever the rules or the engine trip over. */
  String evaluate(Grants grants, String input) {
    if (!grants.equals(loaded)) {
      loaded = null;
      policy.data(grants.json());
      loaded = grants;
    }
    return policy.evaluate(input);
  }
}
