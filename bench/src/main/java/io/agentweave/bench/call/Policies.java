package io.agentweave.bench.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.agentweave.bench.MeasurementException;
import io.agentweave.validation.Json;
import io.agentweave.validation.JsonReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder with rules and grants that measured agents decide by. */
final class Policies {
  private Policies() {}

  /** The project's own grants, and one for the measured call behind them. */
  static void write(Path from, Path to, boolean reusable) throws IOException {
    Files.createDirectories(to);
    for (String file : List.of("policy.wasm", "policy.wasm.sources")) {
      Files.copy(from.resolve(file), to.resolve(file));
    }
    if (!(Json.read(Files.readAllBytes(from.resolve("grants.json")))
        instanceof JsonReading.Parsed(JsonNode tree))) {
      throw new MeasurementException("policies/grants.json can't be read");
    }
    var grant =
        ((ArrayNode) tree.path("agentweave").path("grants"))
            .addObject()
            .put("id", "measuring-to-measured")
            .put("caller", Secured.CLIENT.toString())
            .put("callee", Secured.SERVER.toString());
    grant.putArray("capabilities").add(Secured.CAPABILITY);
    grant.putArray("directions").add("inbound").add("outbound");
    grant.putObject("limits").put("max_payload_bytes", 4_194_304).put("rate_class", "pipeline");
    if (reusable) {
      grant.put("cacheable_for_seconds", 5);
    }
    Files.write(to.resolve("grants.json"), Json.write(tree));
  }
}
