package io.agentweave.pipeline.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class UserDirectoryTest {
  private static final User ADA = new User(Optional.of("Ada"), "premium", false);

  private final Map<String, User> table = new HashMap<>(Map.of("ada", ADA));
  private final List<Set<String>> asked = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final UserDirectory users = directory(100);

  private UserDirectory directory(int size) {
    return new UserDirectory(
        this::look,
        new ProcessorConfig.Users(
            Optional.empty(), size, Duration.ofMinutes(5), Duration.ofSeconds(15)),
        nanos::get);
  }

  private Map<String, User> look(Collection<String> ids) {
    asked.add(new LinkedHashSet<>(ids));
    Map<String, User> found = new HashMap<>(table);
    found.keySet().retainAll(ids);
    return found;
  }

  @Test
  void unknownUser_isFreeAndNameless() {
    assertThat(users.find(Set.of("bob")).get("bob"))
        .isEqualTo(new User(Optional.empty(), "free", false));
  }

  @Test
  void manyUsers_areOneQuestion() {
    assertThat(users.find(Set.of("ada", "bob", "eve"))).hasSize(3).containsEntry("ada", ADA);
    assertThat(asked).hasSize(1);
    users.find(Set.of("ada", "bob", "new"));
    assertThat(asked.getLast()).containsExactly("new");
  }

  @Test
  void newUser_isFoundAfterTheShortTime() {
    users.find(Set.of("bob"));
    table.put("bob", ADA);
    nanos.set(Duration.ofSeconds(14).toNanos());
    assertThat(users.find(Set.of("bob"))).containsEntry("bob", User.UNKNOWN);
    nanos.set(Duration.ofSeconds(16).toNanos());
    assertThat(users.find(Set.of("bob"))).containsEntry("bob", ADA);
  }

  @Test
  void changedUser_isFoundAfterTheLongTime() {
    users.find(Set.of("ada"));
    table.put("ada", User.UNKNOWN);
    nanos.set(Duration.ofMinutes(4).toNanos());
    assertThat(users.find(Set.of("ada"))).containsEntry("ada", ADA);
    nanos.set(Duration.ofMinutes(6).toNanos());
    assertThat(users.find(Set.of("ada"))).containsEntry("ada", User.UNKNOWN);
  }

  @Test
  void strangersWithoutEnd_doNotFillTheMemory() {
    UserDirectory small = directory(50);
    IntStream.range(0, 5_000).forEach(i -> small.find(Set.of("stranger-" + i)));
    assertThat(small.size()).isLessThanOrEqualTo(50);
  }

  @Test
  void failedQuestion_isNotRememberedAsUnknown() {
    UserDirectory[] down = new UserDirectory[1];
    boolean[] away = {true};
    down[0] =
        new UserDirectory(
            ids -> {
              if (away[0]) {
                throw new IllegalStateException("away");
              }
              return look(ids);
            },
            new ProcessorConfig.Users(
                Optional.empty(), 10, Duration.ofMinutes(5), Duration.ofSeconds(15)),
            nanos::get);
    assertThatThrownBy(() -> down[0].find(Set.of("ada"))).hasMessage("away");
    away[0] = false;
    assertThat(down[0].find(Set.of("ada"))).containsEntry("ada", ADA);
  }
}
