package io.agentweave.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.authz.GrantsFile.Grants;
import io.agentweave.authz.GrantsFile.Unreadable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Runs the rules' module in this process, over the grants as they are at that moment. */
final class EmbeddedPolicyEngine implements PolicyEngine {
  private static final int MAX_INSTANCES = 4;

  private final GrantsFile grants;
  private final WasmPool instances;
  private final Duration timeout;
  private volatile boolean closed;

  private EmbeddedPolicyEngine(GrantsFile grants, WasmPool instances, Duration timeout) {
    this.grants = grants;
    this.instances = instances;
    this.timeout = timeout;
  }

  static EmbeddedPolicyEngine open(
      Path bundle, String policyPath, Duration timeout, LongSupplier nanoTime) {
    try {
      byte[] module = Files.readAllBytes(bundle.resolve("policy.wasm"));
      var grants = new GrantsFile(bundle.resolve("grants.json"), module, nanoTime);
      if (grants.current() instanceof Unreadable(String why)) {
        throw new IllegalArgumentException("grants.json: " + why);
      }
      int size = Math.min(Runtime.getRuntime().availableProcessors(), MAX_INSTANCES);
      var instances = new WasmPool(size, () -> WasmInstance.of(module, policyPath));
      return new EmbeddedPolicyEngine(grants, instances, timeout);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("policy bundle " + bundle + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Decision decide(PolicyInput input) {
    String id = DecisionId.next();
    String document;
    try {
      document = new String(PolicyInputJson.document(input), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Unavailable.badInput(id, e);
    }
    if (closed) {
      return new Unavailable(id, "closed", "the engine is closed");
    }
    Optional<WasmInstance> borrowed = instances.borrow(timeout);
    if (borrowed.isEmpty()) {
      return Thread.currentThread().isInterrupted()
          ? new Unavailable(id, "interrupted", "interrupted while waiting for its turn")
          : new Unavailable(id, "timeout", "no turn within " + timeout);
    }
    WasmInstance instance = borrowed.get();
    boolean sound = false;
    try {
      Decision decision =
          switch (grants.current()) {
            case Unreadable(String why) -> new Unavailable(id, "grants_unreadable", why);
            case Grants now -> read(id, now.revision(), instance.evaluate(now, document));
          };
      sound = true;
      return decision;
    } catch (RuntimeException | StackOverflowError e) {
      return new Unavailable(id, "evaluation_failed", e.getClass().getSimpleName());
    } finally {
      if (sound) {
        instances.giveBack(instance);
      } else {
        instances.discardOne();
      }
    }
  }

  private static Decision read(String id, String revision, String results) {
    JsonNode array = PolicyAnswer.parse(results.getBytes(StandardCharsets.UTF_8));
    if (array == null) {
      return new Unavailable(id, "not_json", "the module's results are no JSON document");
    }
    if (!array.isArray() || array.size() > 1) {
      return new Unavailable(id, "wrong_type", "the module gave more than one result");
    }
    return PolicyAnswer.decision(id, revision, array.path(0).get("result"));
  }

  @Override
  public String revision() {
    return switch (grants.current()) {
      case Grants now -> now.revision();
      case Unreadable unreadable -> "";
    };
  }

  @Override
  public void close() {
    closed = true;
    instances.close();
  }
}
