package io.agentweave.config;

import static io.agentweave.config.ConfigFiles.SMALLEST;
import static io.agentweave.config.ConfigFiles.loaded;
import static io.agentweave.config.ConfigFiles.violations;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceSectionsTest {

  record Service(Ingester ingester, Optional<Database> database) {}

  record Ingester(
      @Default("1000") @Min(1) @Max(10_000) int maxBatchEvents,
      @Default("0.5") Duration flush,
      @Key("lease_ms") @Default("250") Duration lease,
      Optional<Path> spool,
      @Default("[heartbeat, debug]") List<@NotBlank String> skippedTypes,
      @Default("{}") Map<String, Limit> limits,
      @Default("5000000000") long budget) {

    @AssertTrue(message = "must not lease for longer than a flush")
    public boolean isLeaseShort() {
      return lease.compareTo(flush) <= 0;
    }
  }

  record Limit(@Positive int perSecond, Optional<Burst> burst) {}

  record Burst(@Positive int size) {}

  record Database(String url, Secret password) {}

  @TempDir Path folder;

  private ConfigReading<Service> read(String yaml, Map<String, String> env) {
    return AgentConfigFile.read(ConfigFiles.write(folder, SMALLEST + yaml), env, Service.class);
  }

  @Test
  void serviceSections_areBoundBesideTheAgents() {
    Service service =
        loaded(
                read(
                    """
                    ingester:
                      max_batch_events: 5
                      flush_seconds: 1
                      spool: spool
                      limits:
                        github: {per_second: 10, burst: {size: 3}}
                    """,
                    Map.of("AGENTWEAVE_INGESTER_SKIPPED_TYPES", "a,b")))
            .service();
    assertThat(service.ingester())
        .isEqualTo(
            new Ingester(
                5,
                Duration.ofSeconds(1),
                Duration.ofMillis(250),
                Optional.of(folder.resolve("spool")),
                List.of("a", "b"),
                Map.of("github", new Limit(10, Optional.of(new Burst(3)))),
                5_000_000_000L));
    assertThat(service.database()).isEmpty();
  }

  @Test
  void constraints_reachEveryDepthWithoutBeingAskedTo() {
    assertThat(
            violations(
                folder,
                read(
                    """
                    ingester:
                      max_batch_events: 10001
                      lease_ms: 501
                      skipped_types: [a, ""]
                      limits:
                        github:
                          per_second: 0
                          burst: {size: -1}
                    """,
                    Map.of())))
        .containsExactly(
            "agent.yaml:5: ingester: must not lease for longer than a flush",
            "agent.yaml:6: ingester.max_batch_events: must be less than or equal to 10000",
            "agent.yaml:8: ingester.skipped_types[1]: must not be blank",
            "agent.yaml:11: ingester.limits.github.per_second: must be greater than 0",
            "agent.yaml:12: ingester.limits.github.burst.size: must be greater than 0");
  }

  @Test
  void password_comesFromItsFileAndIsNeverShown() throws IOException {
    Files.writeString(folder.resolve("password"), "hunter2\n");
    Service service =
        loaded(read("database: {url: x, password_file: password}\n", Map.of())).service();
    assertThat(service.database().map(d -> d.password().reveal())).contains("hunter2");
    assertThat(service.toString()).doesNotContain("hunter2");
  }

  @Test
  void passwordFromAVariable_replacesTheFile() {
    Service service =
        loaded(
                read(
                    "database: {url: x, password_file: missing}\n",
                    Map.of("AGENTWEAVE_DATABASE_PASSWORD", "hunter2")))
            .service();
    assertThat(service.database().map(Database::password)).contains(Secret.of("hunter2"));
  }

  @Test
  void passwordThatCannotBeHad_isNamedWithoutItsValue() {
    assertThat(violations(folder, read("database: {url: x}\n", Map.of())))
        .containsExactly("agent.yaml:5: database.password: is required, here or in password_file");
    assertThat(violations(folder, read("database: {url: x, password_file: missing}\n", Map.of())))
        .containsExactly(
            "agent.yaml:5: database.password_file: names a file that can't be read:"
                + " NoSuchFileException");
    assertThat(
            violations(
                folder, read("database: {url: x, password: p, password_file: f}\n", Map.of())))
        .containsExactly(
            "agent.yaml:5: database.password:"
                + " stands here and in password_file as well: choose one");
    assertThat(violations(folder, read("database: {url: x, password: 12345}\n", Map.of())))
        .containsExactly(
            "agent.yaml:5: database.password:"
                + " must be text, found an integer; put it in quotes");
  }

  @Test
  void anUnknownKeyOfTheService_isRefused() {
    assertThat(violations(folder, read("ingester: {max_batch_event: 1}\n", Map.of())))
        .containsExactly(
            "agent.yaml:5: ingester.max_batch_event: unknown key;"
                + " did you mean max_batch_events?");
    assertThat(violations(folder, read("", Map.of("AGENTWEAVE_INGESTER_FLUSH", "1"))))
        .containsExactly("AGENTWEAVE_INGESTER_FLUSH: overrides no key");
  }

  record Unreadable(Section section) {
    record Section(Thread thread) {}
  }

  @Test
  void aTypeThatNoFileCanSay_isABug() {
    Path file = ConfigFiles.write(folder, SMALLEST + "section: {thread: x}\n");
    assertThatThrownBy(() -> AgentConfigFile.read(file, Map.of(), Unreadable.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("section.thread");
  }
}
