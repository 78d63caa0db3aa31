package io.agentweave.local.testkit;

import io.agentweave.local.authority.LocalAuthority;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives tests a {@link TestMesh}: one for the class and those nested in it when registered in a
 * static field, one for each test otherwise.
 *
 * <pre>{@code
 * @RegisterExtension final MeshExtension mesh = new MeshExtension();
 *
 * @Test
 * void aStranger_isRefused() {
 *   RunningAgent greeter = mesh.get().start("greeter", new Greeter());
 *   assertThat(mesh.get().call("spiffe://agentweave.io/agent/stranger", greeter, "greet", Map.of()))
 *       .isInstanceOf(CallOutcome.Refused.class);
 * }
 * }</pre>
 */
public final class MeshExtension
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private final Supplier<TestMesh> opening;
  private int classes;
  private @Nullable TestMesh mesh;

  public MeshExtension() {
    opening = TestMesh::open;
  }

  /** A mesh with an authority of the test's own, made anew for each mesh. */
  public MeshExtension(Supplier<LocalAuthority> authority) {
    opening = () -> TestMesh.open(authority.get());
  }

  /** The mesh of the test that runs now. */
  public TestMesh get() {
    if (mesh == null) {
      throw new IllegalStateException("register the extension with @RegisterExtension");
    }
    return mesh;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (classes++ == 0) {
      mesh = opening.get();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (classes == 0) {
      mesh = opening.get();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (classes == 0) {
      close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (--classes == 0) {
      close();
    }
  }

  private void close() {
    if (mesh != null) {
      mesh.close();
      mesh = null;
    }
  }
}
