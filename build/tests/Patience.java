package io.agentweave.patience;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long tests of every module await what has to happen: the bound only tells waiting from
 * hanging, however busy the machine is.
 */
public final class Patience implements BeforeAllCallback {
  private static final Duration AT_MOST = Duration.ofMinutes(2);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(AT_MOST);
  }
}
