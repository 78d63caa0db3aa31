package io.agentweave.local.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A mesh of the whole class is that of the classes nested in it, too, and lives as long. */
final class NestedMeshTest {
  @RegisterExtension static final MeshExtension mesh = new MeshExtension();

  private static @Nullable TestMesh first;

  @BeforeAll
  static void remember() {
    first = mesh.get();
  }

  @AfterAll
  static void itIsStillOpen_afterTheNestedClasses() {
    Path policies = mesh.get().dataOf("policies");
    assertThat(mesh.get()).isSameAs(first);
    assertThat(policies).isDirectory();
  }

  @Test
  void isTheMeshOfTheClass() {
    assertThat(mesh.get()).isSameAs(first);
  }

  @Nested
  final class Inside {
    @Test
    void isTheSameMesh() {
      assertThat(mesh.get()).isSameAs(first);
    }
  }

  @Nested
  final class InsideToo {
    @Test
    void isTheSameMesh() {
      assertThat(mesh.get()).isSameAs(first);
    }
  }
}
