package io.agentweave.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code policy.wasm.sources}: which module it describes, and what that one's answers depend on.
 *
 * @param wasm SHA-256 of the module in hexadecimal; empty when nothing is known
 * @param reads the members of the input that an answer can depend on, by {@code opa deps}; empty
 *     when nothing is known
 */
record RulesManifest(String wasm, Set<String> reads) {
  private static final Logger LOG = LoggerFactory.getLogger(RulesManifest.class);
  private static final String NAME = "policy.wasm.sources";
  private static final JsonMapper JSON = new JsonMapper();
  private static final RulesManifest NONE = new RulesManifest("", Set.of());

  /** The manifest of a bundle; of nothing when there is none that can be read. */
  static RulesManifest in(Path bundle) {
    Path file = bundle.resolve(NAME);
    if (!Files.exists(file)) {
      return NONE;
    }
    try (InputStream in = PlainFile.open(file)) {
      return read(in);
    } catch (IOException e) {
      LOG.warn("{} can't be read: {}", file, e.getMessage());
      return NONE;
    }
  }

  /** Reads and closes; of nothing when it is no manifest. */
  static RulesManifest read(InputStream in) {
    try (in) {
      JsonNode manifest = JSON.readTree(in);
      Set<String> reads = new HashSet<>();
      manifest.path("reads").forEach(member -> reads.add(member.asText()));
      return new RulesManifest(manifest.path("wasm").asText(), reads);
    } catch (IOException e) {
      LOG.warn("a {} is no manifest: {}", NAME, e.getMessage());
      return NONE;
    }
  }

  boolean describes(RulesBytes module) {
    return module.hash().equals(wasm);
  }
}
