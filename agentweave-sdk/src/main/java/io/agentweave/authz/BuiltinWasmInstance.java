package io.agentweave.authz;

import com.styra.opa.wasm.OpaPolicy;
import io.agentweave.authz.GrantsFile.Grants;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Rules that use built-in functions which are not in the module, such as {@code sprintf}: the
 * library brings them. Compiles the module for each instance anew.
 */
final class BuiltinWasmInstance implements RulesInstance {
  private final OpaPolicy policy;
  private @Nullable Grants loaded;

  private BuiltinWasmInstance(OpaPolicy policy) {
    this.policy = policy;
  }

  /**
   * @throws IllegalArgumentException when it needs a built-in that the library lacks, or does not
   *     know {@code policyPath}
   */
  static BuiltinWasmInstance of(byte[] wasm, String policyPath) {
    OpaPolicy policy;
    try {
      policy = OpaPolicy.builder().withPolicy(wasm).withMaxMemory(MAX_PAGES).build();
    } catch (RuntimeException e) {
      throw RulesModule.noModule(wasm, e);
    }
    return new BuiltinWasmInstance(
        policy.entrypoint(EntryPoints.find(policyPath, policy.entrypoints())));
  }

  @Override
  public String evaluate(Grants grants, byte[] input) {
    if (!grants.equals(loaded)) {
      loaded = null;
      policy.data(grants.json());
      loaded = grants;
    }
    return policy.evaluate(new String(input, StandardCharsets.UTF_8));
  }
}
