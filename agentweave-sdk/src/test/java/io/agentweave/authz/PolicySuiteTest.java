package io.agentweave.authz;

import static io.agentweave.authz.Questions.POLICIES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentweave.authz.GrantsFile.Grants;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The compiled rules: from these sources, and with the answers that OPA itself gives. */
class PolicySuiteTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROUNDS = 2;

  @Test
  void theModule_answersTheSharedSuite_inAnyOrder() throws Exception {
    RulesModule module =
        RulesModule.of(new RulesBytes(Files.readAllBytes(POLICIES.resolve("policy.wasm"))));
    JsonNode shipped = JSON.readTree(POLICIES.resolve("grants.json").toFile());
    List<JsonNode> cases = new ArrayList<>();
    JSON.readTree(POLICIES.resolve("suite/decisions.json").toFile()).forEach(cases::add);
    assertThat(cases).hasSizeGreaterThan(100);
    Map<String, RulesInstance> instances = new HashMap<>();
    Map<JsonNode, Grants> documents = new HashMap<>();
    List<String> wrong = new ArrayList<>();

    for (int round = 0; round < ROUNDS; round++) {
      Collections.shuffle(cases, new Random(round));
      for (JsonNode test : cases) {
        String entryPoint = test.get("entrypoint").textValue();
        RulesInstance instance = instances.computeIfAbsent(entryPoint, module::instance);
        JsonNode data = test.has("data") ? test.get("data") : shipped;
        Grants grants =
            documents.computeIfAbsent(data, d -> new Grants(d.toString(), "r" + d.hashCode()));
        JsonNode results =
            JSON.readTree(instance.evaluate(grants, JSON.writeValueAsBytes(test.get("input"))));
        if (!results.path(0).path("result").equals(test.get("expect"))) {
          wrong.add("%s: %s, not %s".formatted(test.get("name"), results, test.get("expect")));
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void theModule_isWhatItsManifestSays_andTheManifestNamesTheseSources() throws Exception {
    JsonNode manifest = JSON.readTree(POLICIES.resolve("policy.wasm.sources").toFile());
    Map<String, String> sources = new TreeMap<>();
    try (Stream<java.nio.file.Path> files = Files.walk(POLICIES)) {
      for (var file : (Iterable<java.nio.file.Path>) files::iterator) {
        String name = POLICIES.relativize(file).toString().replace('\\', '/');
        if (name.endsWith(".rego") && !name.endsWith("_test.rego")) {
          sources.put(name, sha256(Files.readAllBytes(file)));
        }
      }
    }

    assertThat(
            JSON.convertValue(
                manifest.get("sources"), new TypeReference<TreeMap<String, String>>() {}))
        .as("policies/build after a change of the rules")
        .isEqualTo(sources);
    assertThat(sha256(Files.readAllBytes(POLICIES.resolve("policy.wasm"))))
        .isEqualTo(manifest.get("wasm").textValue());
    assertThat(manifest.get("entrypoints")).isNotEmpty();
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of()
        .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
