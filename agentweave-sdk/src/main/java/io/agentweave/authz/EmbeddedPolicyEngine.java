package io.agentweave.authz;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentweave.authz.GrantsFile.Grants;
import io.agentweave.authz.GrantsFile.Unreadable;
import io.agentweave.journal.PlainFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Runs the rules' module in this process, over the grants as they are at that moment. */
final class EmbeddedPolicyEngine implements PolicyEngine {
  private static final int MAX_INSTANCES = 4;
  private static final int MOST_MODULE_BYTES = 64 << 20;

  private final GrantsFile grants;
  private final WasmPool instances;
  private final WorkedOutAnswers answers;
  private final Duration timeout;
  private volatile boolean closed;

  private EmbeddedPolicyEngine(
      GrantsFile grants, WasmPool instances, WorkedOutAnswers answers, Duration timeout) {
    this.grants = grants;
    this.instances = instances;
    this.answers = answers;
    this.timeout = timeout;
  }

  static EmbeddedPolicyEngine open(
      Path bundle, String policyPath, Duration timeout, LongSupplier nanoTime) {
    try {
      var module = new RulesBytes(PlainFile.read(bundle.resolve("policy.wasm"), MOST_MODULE_BYTES));
      var grants = new GrantsFile(bundle.resolve("grants.json"), module, nanoTime);
      if (grants.current() instanceof Unreadable(String why)) {
        throw new IllegalArgumentException("grants.json: " + why);
      }
      int size = Math.min(Runtime.getRuntime().availableProcessors(), MAX_INSTANCES);
      RulesModule rules = RulesModule.of(module);
      return new EmbeddedPolicyEngine(
          grants,
          new WasmPool(size, () -> rules.instance(policyPath)),
          new WorkedOutAnswers(RulesManifest.in(bundle), module),
          timeout);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("policy bundle " + bundle + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Decision decide(PolicyInput input) {
    if (closed) {
      return new Unavailable(DecisionId.next(), "closed", "the engine is closed");
    }
    return switch (grants.current()) {
      case Unreadable(String why) -> new Unavailable(DecisionId.next(), "grants_unreadable", why);
      case Grants now -> answers.find(input, now).orElseGet(() -> evaluate(input, now));
    };
  }

  private Decision evaluate(PolicyInput input, Grants now) {
    String id = DecisionId.next();
    byte[] document;
    try {
      document = PolicyInputJson.document(input);
    } catch (IllegalArgumentException e) {
      return Unavailable.badInput(id, e);
    }
    Optional<RulesInstance> borrowed = instances.borrow(timeout);
    if (borrowed.isEmpty()) {
      return Thread.currentThread().isInterrupted()
          ? new Unavailable(id, "interrupted", "interrupted while waiting for its turn")
          : new Unavailable(id, "timeout", "no turn within " + timeout);
    }
    RulesInstance instance = borrowed.get();
    boolean sound = false;
    try {
      Decision decision = read(id, now.revision(), instance.evaluate(now, document));
      sound = true;
      answers.keep(input, now, decision);
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
