package io.agentweave.pipeline.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentweave.config.Secret;
import io.agentweave.local.postgres.LocalPostgres;
import io.agentweave.pipeline.database.Database;
import io.agentweave.pipeline.database.DatabaseException;
import io.agentweave.pipeline.database.DatabaseSection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UserTableTest {
  private static final User ADA = new User(Optional.of("Ada"), "premium", false);
  @TempDir private Path folder = Path.of("");

  @Test
  void directory_isFilledOnceAndRefusesWhenItIsGone() throws Exception {
    LocalPostgres postgres = LocalPostgres.start(folder);
    DatabaseSection section =
        new DatabaseSection(
            postgres.jdbcUrl(),
            LocalPostgres.USER,
            Secret.of(Files.readString(postgres.passwordFile()).strip()),
            2);
    try (Database database = Database.open("processor", section)) {
      database.migrate();
      UserTable users = new UserTable(database);
      assertThat(users.find(Set.of("ada"))).isEmpty();
      assertThat(
              users.fill(
                  List.of(new UserTable.Row("ada", ADA), new UserTable.Row("bob", User.UNKNOWN))))
          .isTrue();
      assertThat(users.fill(List.of(new UserTable.Row("eve", ADA)))).isFalse();
      assertThat(users.find(Set.of("ada", "bob", "eve")))
          .isEqualTo(Map.of("ada", ADA, "bob", User.UNKNOWN));
      postgres.close();
      assertThatThrownBy(() -> users.find(Set.of("ada")))
          .isInstanceOf(DatabaseException.Unavailable.class);
    } finally {
      postgres.close();
    }
  }
}
