package io.agentweave.authz;

import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.ExportFunction;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportMemory;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.ValType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.agentweave.authz.GrantsFile.Grants;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rules that use nothing but what OPA compiled into the module, by OPA's WebAssembly ABI 1.2
 * (openpolicyagent.org/docs/wasm): one call a question, over data that is parsed once.
 */
final class CoreWasmInstance implements RulesInstance {
  private static final int FIRST_PAGES = 4;
  private static final int PAGE = 65_536;
  private static final int MOST_ARGUMENTS = 4;
  private static final long AS_JSON = 0;
  private static final JsonMapper JSON = new JsonMapper();

  private final Memory memory;
  private final Instance instance;
  private final ExportFunction evaluation;
  private final int dataFrom;
  private int entryPoint;
  private @Nullable Grants loaded;
  private int data;
  private int inputFrom;

  private CoreWasmInstance(Memory memory, Instance instance) {
    this.memory = memory;
    this.instance = instance;
    evaluation = instance.export("opa_eval");
    dataFrom = call("opa_heap_ptr_get");
    inputFrom = dataFrom;
  }

  /** Throws the engine's own exception when the module is not one that OPA compiled. */
  static CoreWasmInstance of(WasmModule module, Function<Instance, Machine> machine) {
    Memory memory = new ByteArrayMemory(new MemoryLimits(FIRST_PAGES, MAX_PAGES));
    ImportValues imports =
        ImportValues.builder()
            .addMemory(new ImportMemory("env", "memory", memory))
            .addFunction(hostFunctions(memory))
            .build();
    return new CoreWasmInstance(
        memory,
        Instance.builder(module).withMachineFactory(machine).withImportValues(imports).build());
  }

  private static HostFunction[] hostFunctions(Memory memory) {
    List<HostFunction> functions = new ArrayList<>();
    FunctionType message = FunctionType.of(List.of(ValType.I32), List.of());
    functions.add(
        new HostFunction(
            "env",
            "opa_abort",
            message,
            (caller, arguments) -> {
              throw new IllegalStateException(
                  "the rules gave up: " + memory.readCString((int) arguments[0]));
            }));
    functions.add(new HostFunction("env", "opa_println", message, (caller, arguments) -> null));
    for (int count = 0; count <= MOST_ARGUMENTS; count++) {
      // Beside its arguments a built-in takes its number and a context.
      List<ValType> arguments = Collections.nCopies(count + 2, ValType.I32);
      functions.add(
          new HostFunction(
              "env",
              "opa_builtin" + count,
              FunctionType.of(arguments, List.of(ValType.I32)),
              (caller, values) -> {
                throw new IllegalStateException("no built-in has number " + values[0]);
              }));
    }
    return functions.toArray(HostFunction[]::new);
  }

  /** Whether the rules call functions that are not in the module. */
  boolean needsBuiltins() {
    return !numbers("builtins").isEmpty();
  }

  /**
   * @throws IllegalArgumentException when the module does not know {@code policyPath}
   */
  CoreWasmInstance answering(String policyPath) {
    entryPoint = EntryPoints.find(policyPath, numbers("entrypoints"));
    return this;
  }

  @Override
  public String evaluate(Grants grants, byte[] input) {
    if (!grants.equals(loaded)) {
      load(grants);
    }
    int end = inputFrom + input.length;
    provide(end);
    memory.write(inputFrom, input, 0, input.length);
    long result = evaluation.apply(0, entryPoint, data, inputFrom, input.length, end, AS_JSON)[0];
    return memory.readCString((int) result);
  }

  private void load(Grants grants) {
    loaded = null;
    byte[] json = grants.json().getBytes(StandardCharsets.UTF_8);
    call("opa_heap_ptr_set", dataFrom);
    int text = call("opa_malloc", json.length);
    memory.write(text, json, 0, json.length);
    data = call("opa_json_parse", text, json.length);
    if (data == 0) {
      throw new IllegalStateException("the module does not take the grants for JSON");
    }
    inputFrom = call("opa_heap_ptr_get");
    loaded = grants;
  }

  private void provide(int bytes) {
    int missing = Math.ceilDiv(bytes, PAGE) - memory.pages();
    if (missing > 0 && memory.grow(missing) < 0) {
      throw new IllegalStateException("the question does not fit into the module's memory");
    }
  }

  private Map<String, Integer> numbers(String export) {
    String json = memory.readCString(call("opa_json_dump", call(export)));
    try {
      return JSON.readValue(json, new TypeReference<Map<String, Integer>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(export + " of the module is no JSON object of numbers", e);
    }
  }

  private int call(String export, long... arguments) {
    long[] results = instance.export(export).apply(arguments);
    return results == null || results.length == 0 ? 0 : (int) results[0];
  }
}
