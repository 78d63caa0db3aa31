package io.agentweave.pipeline.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UserSeedTest {
  @TempDir private Path folder = Path.of("");

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("users.csv"), content);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "id,name\nada,Ada",
        "id,name,tier,is_test\nada,Ada,premium",
        "id,name,tier,is_test\n,Ada,premium,false",
        "id,name,tier,is_test\nada,Ada,,false",
        "id,name,tier,is_test\nada,Ada,premium,perhaps"
      })
  void fileThatDoesNotFit_stopsTheStart(String content) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> UserSeed.read(file)).hasMessageContaining("users.seed_file: ");
  }

  @Test
  void missingFile_stopsTheStart() {
    assertThatThrownBy(() -> UserSeed.read(folder.resolve("none.csv")))
        .hasMessageContaining("can't be read");
  }

  @Test
  void emptyName_isNone() throws IOException {
    assertThat(UserSeed.read(file("id,name,tier,is_test\nada,,free,false\nqa,Robot,free,true\n")))
        .containsExactly(
            new UserTable.Row("ada", User.UNKNOWN),
            new UserTable.Row("qa", new User(Optional.of("Robot"), "free", true)));
  }

  @Test
  void samples_fit() {
    Path samples = Path.of(System.getProperty("agentweave.root"), "samples/users.csv");
    assertThat(UserSeed.read(samples))
        .hasSize(39)
        .filteredOn(row -> row.user().isTest())
        .hasSize(2);
  }
}
