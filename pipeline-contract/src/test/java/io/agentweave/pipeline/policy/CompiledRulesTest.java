package io.agentweave.pipeline.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.CompiledModule;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class CompiledRulesTest {

  @Test
  void theClassPath_holdsTheCommittedModuleAsBytecode() throws Exception {
    byte[] wasm =
        Files.readAllBytes(
            Path.of(System.getProperty("agentweave.root"), "policies", "policy.wasm"));

    CompiledModule compiled = ServiceLoader.load(CompiledModule.class).findFirst().orElseThrow();

    try (var manifest = compiled.getClass().getResourceAsStream("policy.wasm.sources")) {
      assertThat(new ObjectMapper().readTree(manifest).get("wasm").textValue())
          .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wasm)));
    }
  }
}
