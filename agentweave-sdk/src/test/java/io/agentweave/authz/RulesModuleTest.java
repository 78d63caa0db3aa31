package io.agentweave.authz;

import static io.agentweave.authz.Questions.CLI;
import static io.agentweave.authz.Questions.POLICIES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesModuleTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @TempDir Path bundle;

  /** The rules of {@code worded.rego}, beside which they lie compiled. */
  private void copyWorded() throws Exception {
    try (InputStream module =
        Objects.requireNonNull(getClass().getResourceAsStream("/worded/policy.wasm"))) {
      Files.copy(module, bundle.resolve("policy.wasm"));
    }
    Files.writeString(bundle.resolve("grants.json"), "{}");
  }

  @Test
  void rulesWithBuiltinsOutsideTheModule_areAnsweredAllTheSame() throws Exception {
    copyWorded();
    try (PolicyEngine engine = Authorization.embeddedEngine(bundle, "worded", TIMEOUT)) {
      assertThat(engine.decide(Questions.inbound(CLI, "speak"))).isInstanceOf(Permit.class);
      assertThat(engine.decide(Questions.inbound(CLI, "sing")))
          .isInstanceOfSatisfying(
              Denied.class, denied -> assertThat(denied.reason()).isEqualTo("sing by " + CLI));
    }
  }

  @Test
  void aBundleWithItsManifest_followsTheGrantsLikeOneWithout() throws Exception {
    for (String name : List.of("policy.wasm", "policy.wasm.sources", "grants.json")) {
      Files.copy(POLICIES.resolve(name), bundle.resolve(name));
    }
    try (PolicyEngine engine =
        EmbeddedPolicyEngine.open(bundle, "agentweave/authz", TIMEOUT, new Ticks()::next)) {
      Decision first = engine.decide(Questions.granted());
      Decision second = engine.decide(Questions.granted());
      assertThat(first).isInstanceOf(Permit.class);
      assertThat(second).isInstanceOf(Permit.class);
      assertThat(second.id()).isNotEqualTo(first.id());

      Files.writeString(bundle.resolve("grants.json"), "{\"agentweave\": {\"grants\": []}}");
      assertThat(engine.decide(Questions.granted())).isInstanceOf(Denied.class);
      assertThat(engine.decide(Questions.granted())).isInstanceOf(Denied.class);

      Files.writeString(bundle.resolve("grants.json"), "{");
      assertThat(engine.decide(Questions.granted())).isInstanceOf(Unavailable.class);
    }
  }

  /** A clock on which the grants are looked at each time. */
  private static final class Ticks {
    private long now;

    long next() {
      now += GrantsFile.CHECKED_EVERY.toNanos();
      return now;
    }
  }
}
