package io.agentweave.authz;

import static io.agentweave.authz.Questions.POLICIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentweave.authz.GrantsFile.Grants;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WasmPoolTest {
  private static final Duration NO_TIME = Duration.ZERO;
  private static final byte[] NOTHING = {'{', '}'};

  @Test
  void anInstance_isLentToOneAtATime_andReplacedWhenItTripped() throws Exception {
    RulesModule module =
        RulesModule.of(new RulesBytes(Files.readAllBytes(POLICIES.resolve("policy.wasm"))));
    AtomicInteger made = new AtomicInteger();
    try (var pool =
        new WasmPool(
            1,
            () -> {
              made.incrementAndGet();
              return module.instance("agentweave/authz");
            })) {
      RulesInstance only = pool.borrow(NO_TIME).orElseThrow();
      assertThat(pool.borrow(Duration.ofMillis(20))).isEmpty();

      pool.giveBack(only);
      assertThat(pool.borrow(NO_TIME)).containsSame(only);

      // More grants than its memory holds: the instance is in no known state afterwards.
      Grants tooMany = new Grants("{\"a\": \"" + "x".repeat(80 * 1024 * 1024) + "\"}", "too-many");
      assertThatThrownBy(() -> only.evaluate(tooMany, NOTHING))
          .isInstanceOf(RuntimeException.class);
      pool.discardOne();
      Optional<RulesInstance> fresh = pool.borrow(Duration.ofSeconds(60));

      assertThat(fresh).isPresent().get().isNotSameAs(only);
      assertThat(made).hasValue(2);
      assertThat(fresh.get().evaluate(new Grants("{}", "none"), NOTHING))
          .contains("malformed_input");
    }
  }

  @Test
  void aSecondInstance_isMadeOnlyWhenItIsNeeded() throws Exception {
    RulesModule module =
        RulesModule.of(new RulesBytes(Files.readAllBytes(POLICIES.resolve("policy.wasm"))));
    AtomicInteger made = new AtomicInteger();
    try (var pool =
        new WasmPool(
            2,
            () -> {
              made.incrementAndGet();
              return module.instance("agentweave/authz");
            })) {
      pool.giveBack(pool.borrow(NO_TIME).orElseThrow());
      RulesInstance first = pool.borrow(NO_TIME).orElseThrow();
      assertThat(made).hasValue(1);

      RulesInstance second = pool.borrow(Duration.ofSeconds(60)).orElseThrow();

      assertThat(second).isNotSameAs(first);
      assertThat(pool.borrow(Duration.ofMillis(20))).isEmpty();
      assertThat(made).hasValue(2);
    }
  }

  @Test
  void aThreadThatIsInterrupted_getsNoneAndStaysInterrupted() throws Exception {
    RulesModule module =
        RulesModule.of(new RulesBytes(Files.readAllBytes(POLICIES.resolve("policy.wasm"))));
    try (var pool = new WasmPool(1, () -> module.instance("agentweave/authz"))) {
      Thread.currentThread().interrupt();

      Optional<RulesInstance> none = pool.borrow(Duration.ofSeconds(1));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(none).isEmpty();
    }
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("authz-wasm-compiler")));
  }
}
