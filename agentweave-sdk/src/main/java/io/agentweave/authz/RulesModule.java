package io.agentweave.authz;

import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.CompiledModule;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import java.util.ServiceLoader;
import java.util.function.Function;

/**
 * The rules as OPA compiled them to WebAssembly, made into bytecode once for all their instances.
 *
 * <p>Where the class path holds a {@link CompiledModule} that the build made of exactly this
 * module, that one is used: making it here takes a good second of a cold JVM.
 */
final class RulesModule {
  /** Beside a compiled module's class: what it was made of. */
  private static final String MANIFEST = "policy.wasm.sources";

  private final byte[] wasm;
  private final WasmModule module;
  private final Function<Instance, Machine> machine;

  private RulesModule(byte[] wasm, WasmModule module, Function<Instance, Machine> machine) {
    this.wasm = wasm;
    this.module = module;
    this.machine = machine;
  }

  /**
   * @throws IllegalArgumentException when it is no WebAssembly
   */
  static RulesModule of(RulesBytes rules) {
    byte[] wasm = rules.wasm();
    for (CompiledModule compiled : ServiceLoader.load(CompiledModule.class)) {
      if (madeOf(compiled, rules)) {
        return new RulesModule(wasm, moduleOf(compiled), compiled.machineFactory());
      }
    }
    try {
      WasmModule module = Parser.parse(wasm);
      return new RulesModule(wasm, module, MachineFactoryCompiler.compile(module));
    } catch (RuntimeException e) {
      throw noModule(wasm, e);
    }
  }

  /**
   * What is left of the module beside its bytecode. The build found it valid when it compiled it,
   * which takes a cold JVM longer than reading it.
   */
  private static WasmModule moduleOf(CompiledModule compiled) {
    Class<?> type = compiled.getClass();
    String name = type.getSimpleName() + ".meta";
    return type.getResource(name) == null
        ? compiled.wasmModule()
        : Parser.builder()
            .withValidation(false)
            .build()
            .parse(() -> type.getResourceAsStream(name));
  }

  private static boolean madeOf(CompiledModule compiled, RulesBytes rules) {
    var manifest = compiled.getClass().getResourceAsStream(MANIFEST);
    return manifest != null && RulesManifest.read(manifest).describes(rules);
  }

  /**
   * An instance that answers for one entry point.
   *
   * @throws IllegalArgumentException when it is no policy module or does not know {@code
   *     policyPath}
   */
  RulesInstance instance(String policyPath) {
    CoreWasmInstance core;
    try {
      core = CoreWasmInstance.of(module, machine);
    } catch (RuntimeException e) {
      throw noModule(wasm, e);
    }
    return core.needsBuiltins()
        ? BuiltinWasmInstance.of(wasm, policyPath)
        : core.answering(policyPath);
  }

  static IllegalArgumentException noModule(byte[] wasm, RuntimeException cause) {
    return new IllegalArgumentException(
        "policy.wasm (%d bytes) is no module that OPA compiled: %s"
            .formatted(wasm.length, cause.getMessage()),
        cause);
  }
}
