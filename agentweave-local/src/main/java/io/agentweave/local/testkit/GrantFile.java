package io.agentweave.local.testkit;

import io.agentweave.local.process.PrivateFiles;
import io.agentweave.validation.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A policy folder of a test: the project's own rules, and the test's grants. */
final class GrantFile {
  private final Path folder;
  private final Set<Grant> grants = new LinkedHashSet<>();

  GrantFile(Path folder) {
    this.folder = folder;
    try (InputStream rules = GrantFile.class.getResourceAsStream("policy.wasm")) {
      if (rules == null) {
        throw new IllegalStateException("the test kit was built without policy.wasm");
      }
      Files.createDirectories(folder);
      Files.copy(rules, folder.resolve("policy.wasm"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    write();
  }

  Path folder() {
    return folder;
  }

  synchronized void add(Collection<Grant> more) {
    grants.addAll(more);
    write();
  }

  synchronized void remove(Collection<Grant> fewer) {
    grants.removeAll(fewer);
    write();
  }

  private void write() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Grant grant : grants) {
      all.add(
          Map.of(
              "id", grant.id(),
              "caller", grant.caller(),
              "callee", grant.callee(),
              "capabilities", grant.capabilities(),
              "directions", List.of("inbound", "outbound"),
              "limits", Map.of()));
    }
    try {
      PrivateFiles.write(
          folder.resolve("grants.json"),
          Json.writeText(Map.of("agentweave", Map.of("grants", all))));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
